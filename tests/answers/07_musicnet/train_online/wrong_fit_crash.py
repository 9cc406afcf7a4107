# wrong: fit on a batch of one class
# message: number of classes has to be greater than one|1 class
def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    scaler = StandardScaler().fit(X)
    Z = scaler.transform(X)
    model = SGDClassifier(loss="log_loss", random_state=seed)
    for _ in range(n_epochs):
        for i in range(0, len(Z), batch_size):
            model.fit(Z[i : i + batch_size], y[i : i + batch_size])
    return model.predict(scaler.transform(X_test))
