# wrong: the seed is not used
# message: same seed
def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    scaler, rng = StandardScaler().fit(X), np.random.default_rng()
    Z = scaler.transform(X)
    model = SGDClassifier(loss="log_loss")
    for _ in range(n_epochs):
        order = rng.permutation(len(Z))
        for i in range(0, len(Z), batch_size):
            model.partial_fit(Z[order[i : i + batch_size]], y[order[i : i + batch_size]], classes=classes)
    return model.predict(scaler.transform(X_test))
