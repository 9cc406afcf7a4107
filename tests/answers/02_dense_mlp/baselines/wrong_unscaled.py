# wrong: no scaling
# message: is it standardised
def baselines(X_train, y_train, X_test, y_test):
    labels, counts = np.unique(y_train, return_counts=True)
    scaler = StandardScaler().fit(X_train)
    A, B = X_train, X_test
    logistic = LogisticRegression(max_iter=1000).fit(A, y_train)
    nearest = KNeighborsClassifier(n_neighbors=1).fit(A, y_train)
    return {
        "most_frequent": 1 * np.mean(y_test == labels[counts.argmax()]),
        "logistic": 1 * logistic.score(B, y_test),
        "nearest": 1 * nearest.score(B, y_test),
    }
