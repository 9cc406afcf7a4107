from sklearn.dummy import DummyClassifier
from sklearn.pipeline import make_pipeline


def baselines(X_train, y_train, X_test, y_test):
    models = {
        "most_frequent": DummyClassifier(strategy="most_frequent"),
        "logistic": make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)),
        "nearest": make_pipeline(StandardScaler(), KNeighborsClassifier(n_neighbors=1)),
    }
    return {name: model.fit(X_train, y_train).score(X_test, y_test) for name, model in models.items()}
