# wrong: the test rows have a scaler of their own
# message: wild test rows
def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    Z, rng = StandardScaler().fit_transform(X), np.random.default_rng(seed)
    model = SGDClassifier(loss="log_loss", random_state=seed)
    for _ in range(n_epochs):
        order = rng.permutation(len(Z))
        for i in range(0, len(Z), batch_size):
            model.partial_fit(Z[order[i : i + batch_size]], y[order[i : i + batch_size]], classes=classes)
    return model.predict(StandardScaler().fit_transform(X_test))
