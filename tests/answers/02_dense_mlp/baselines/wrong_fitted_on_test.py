# wrong: the models are trained on the test set
# message: fitted or scored on the wrong set|almost perfect
def baselines(X_train, y_train, X_test, y_test):
    labels, counts = np.unique(y_train, return_counts=True)
    scaler = StandardScaler().fit(X_train)
    A, B = scaler.transform(X_train), scaler.transform(X_test)
    logistic = LogisticRegression(max_iter=1000).fit(B, y_test)
    nearest = KNeighborsClassifier(n_neighbors=1).fit(B, y_test)
    return {
        "most_frequent": 1 * np.mean(y_test == labels[counts.argmax()]),
        "logistic": 1 * logistic.score(B, y_test),
        "nearest": 1 * nearest.score(B, y_test),
    }
