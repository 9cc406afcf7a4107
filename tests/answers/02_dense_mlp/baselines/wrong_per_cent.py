# wrong: per cent in place of shares
# message: in per cent
def baselines(X_train, y_train, X_test, y_test):
    labels, counts = np.unique(y_train, return_counts=True)
    scaler = StandardScaler().fit(X_train)
    A, B = scaler.transform(X_train), scaler.transform(X_test)
    logistic = LogisticRegression(max_iter=1000).fit(A, y_train)
    nearest = KNeighborsClassifier(n_neighbors=1).fit(A, y_train)
    return {
        "most_frequent": 100 * np.mean(y_test == labels[counts.argmax()]),
        "logistic": 100 * logistic.score(B, y_test),
        "nearest": 100 * nearest.score(B, y_test),
    }
