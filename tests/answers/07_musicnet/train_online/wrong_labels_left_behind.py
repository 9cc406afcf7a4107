# wrong: rows shuffled without their labels
# message: are right
def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    scaler, rng = StandardScaler().fit(X), np.random.default_rng(seed)
    Z = scaler.transform(X)
    model = SGDClassifier(loss="log_loss", random_state=seed)
    for _ in range(n_epochs):
        order = rng.permutation(len(Z))
        for i in range(0, len(Z), batch_size):
            model.partial_fit(Z[order[i : i + batch_size]], y[i : i + batch_size], classes=classes)
    return model.predict(scaler.transform(X_test))
