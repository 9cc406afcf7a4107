# wrong: a shuffled copy that is thrown away
# message: order in which they stand
def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    scaler, rng = StandardScaler().fit(X), np.random.default_rng(seed)
    Z = scaler.transform(X)
    model = SGDClassifier(loss="log_loss", random_state=seed)
    for _ in range(n_epochs):
        rng.permutation(Z)
        for i in range(0, len(Z), batch_size):
            model.partial_fit(Z[i : i + batch_size], y[i : i + batch_size], classes=classes)
    return model.predict(scaler.transform(X_test))
