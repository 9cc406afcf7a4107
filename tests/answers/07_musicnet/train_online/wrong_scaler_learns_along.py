# wrong: the scaler is fitted batch by batch, along with the model
# message: a scaler that learns batch by batch
def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    rng = np.random.default_rng(seed)
    scaler, model = StandardScaler(), SGDClassifier(loss="log_loss", random_state=seed)
    for _ in range(n_epochs):
        order = rng.permutation(len(X))
        for i in range(0, len(X), batch_size):
            rows = order[i : i + batch_size]
            Z = scaler.partial_fit(X[rows]).transform(X[rows])
            model.partial_fit(Z, y[rows], classes=classes)
    return model.predict(scaler.transform(X_test))
