# wrong: the classes of the batch
# message: not the same as on last call|classes
def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    scaler, rng = StandardScaler().fit(X), np.random.default_rng(seed)
    Z = scaler.transform(X)
    model = SGDClassifier(loss="log_loss", random_state=seed)
    for _ in range(n_epochs):
        order = rng.permutation(len(Z))
        for i in range(0, len(Z), batch_size):
            rows = order[i : i + batch_size]
            model.partial_fit(Z[rows], y[rows], classes=np.unique(y[rows]))
    return model.predict(scaler.transform(X_test))
