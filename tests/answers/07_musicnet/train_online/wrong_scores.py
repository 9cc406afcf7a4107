# wrong: probabilities instead of labels
# message: the shape is
def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    scaler = StandardScaler().fit(X)
    model = SGDClassifier(loss="log_loss", random_state=seed)
    rng = np.random.default_rng(seed)
    for _ in range(n_epochs):
        order = rng.permutation(len(X))
        for i in range(0, len(X), batch_size):
            model.partial_fit(scaler.transform(X[order[i : i + batch_size]]), y[order[i : i + batch_size]], classes=classes)
    return model.predict_proba(scaler.transform(X_test))
