# wrong: no scaling
# message: are the columns
def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    rng = np.random.default_rng(seed)
    model = SGDClassifier(loss="log_loss", random_state=seed)
    for _ in range(n_epochs):
        order = rng.permutation(len(X))
        for i in range(0, len(X), batch_size):
            model.partial_fit(X[order[i : i + batch_size]], y[order[i : i + batch_size]], classes=classes)
    return model.predict(X_test)
