def batches(n, size, rng):
    order = list(range(n))
    rng.shuffle(order)
    while order:
        batch, order = order[:size], order[size:]
        yield batch


def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    rng = np.random.default_rng(seed)
    scaler = StandardScaler().fit(X)
    model = SGDClassifier(loss="log_loss", random_state=np.random.RandomState(seed))
    for _ in range(n_epochs):
        for batch in batches(len(X), batch_size, rng):
            model.partial_fit(scaler.transform(X[batch]), y[batch], classes)
    return model.predict(scaler.transform(X_test))
