# wrong: the scaler is fitted again in every batch
# message: is each batch scaled by itself|fitted again inside each batch
def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    rng = np.random.default_rng(seed)
    scaler, model = StandardScaler(), SGDClassifier(loss="log_loss", random_state=seed)
    for _ in range(n_epochs):
        order = rng.permutation(len(X))
        for i in range(0, len(X), batch_size):
            rows = order[i : i + batch_size]
            model.partial_fit(scaler.fit_transform(X[rows]), y[rows], classes=classes)
    return model.predict(scaler.transform(X_test))
