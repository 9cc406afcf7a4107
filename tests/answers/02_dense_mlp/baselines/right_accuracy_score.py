from sklearn.metrics import accuracy_score


def baselines(X_train, y_train, X_test, y_test):
    sc = StandardScaler()
    Xtr = sc.fit_transform(X_train)
    Xts = sc.transform(X_test)
    names = list(set(y_train))
    often = max(names, key=list(y_train).count)
    lr = LogisticRegression(max_iter=10000, solver="newton-cg")
    lr.fit(Xtr, y_train)
    knn = KNeighborsClassifier(1)
    knn.fit(Xtr, y_train)
    return {
        "most_frequent": accuracy_score(y_test, [often] * len(y_test)),
        "logistic": accuracy_score(y_test, lr.predict(Xts)),
        "nearest": accuracy_score(y_test, knn.predict(Xts)),
    }
