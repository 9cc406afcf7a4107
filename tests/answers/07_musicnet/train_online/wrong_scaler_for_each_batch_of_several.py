# wrong: the scaler is fitted anew in each batch, except where a batch has one row only
# message: is the scaler fitted again inside each batch
def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    rng = np.random.default_rng(seed)
    over_all = StandardScaler().fit(X)
    model = SGDClassifier(loss="log_loss", random_state=seed)
    for _ in range(n_epochs):
        order = rng.permutation(len(X))
        for i in range(0, len(X), batch_size):
            rows = order[i : i + batch_size]
            scaler = StandardScaler().fit(X[rows]) if len(rows) > 1 else over_all
            model.partial_fit(scaler.transform(X[rows]), y[rows], classes=classes)
    return model.predict(over_all.transform(X_test))
