# wrong: the scaler is fitted on the test set, and applied to both
# message: deviation|training set|value
def baselines(X_train, y_train, X_test, y_test):
    labels, counts = np.unique(y_train, return_counts=True)
    scaler = StandardScaler().fit(X_test)
    A, B = scaler.transform(X_train), scaler.transform(X_test)
    logistic = LogisticRegression(max_iter=1000).fit(A, y_train)
    nearest = KNeighborsClassifier(n_neighbors=1).fit(A, y_train)
    return {
        "most_frequent": float(np.mean(y_test == labels[counts.argmax()])),
        "logistic": float(logistic.score(B, y_test)),
        "nearest": float(nearest.score(B, y_test)),
    }
