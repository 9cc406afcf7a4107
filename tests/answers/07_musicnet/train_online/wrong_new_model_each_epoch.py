# wrong: a new model in every epoch
# message: n_epochs used
def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    scaler = StandardScaler().fit(X)
    Z = scaler.transform(X)
    for _ in range(n_epochs):
        model, rng = SGDClassifier(loss="log_loss", random_state=seed), np.random.default_rng(seed)
        order = rng.permutation(len(Z))
        for i in range(0, len(Z), batch_size):
            model.partial_fit(Z[order[i : i + batch_size]], y[order[i : i + batch_size]], classes=classes)
    return model.predict(scaler.transform(X_test))
