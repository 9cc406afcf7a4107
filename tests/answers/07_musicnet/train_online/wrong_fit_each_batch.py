# wrong: fit forgets what earlier batches taught
# message: earlier batches|NotFitted|not fitted
def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    scaler, rng = StandardScaler().fit(X), np.random.default_rng(seed)
    Z = scaler.transform(X)
    model = SGDClassifier(loss="log_loss", random_state=seed)
    for _ in range(n_epochs):
        order = rng.permutation(len(Z))
        for i in range(0, len(Z), batch_size):
            rows = order[i : i + batch_size]
            if len(np.unique(y[rows])) > 1:
                model.fit(Z[rows], y[rows])
    return model.predict(scaler.transform(X_test))
