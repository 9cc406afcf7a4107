# wrong: error rates in place of accuracies
# message: most_frequent
def baselines(X_train, y_train, X_test, y_test):
    labels, counts = np.unique(y_train, return_counts=True)
    scaler = StandardScaler().fit(X_train)
    A, B = scaler.transform(X_train), scaler.transform(X_test)
    return {
        "most_frequent": np.mean(y_test != labels[counts.argmax()]),
        "logistic": 1 - LogisticRegression(max_iter=1000).fit(A, y_train).score(B, y_test),
        "nearest": 1 - KNeighborsClassifier(1).fit(A, y_train).score(B, y_test),
    }
