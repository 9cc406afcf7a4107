# wrong: rows in the order in which they stand
# message: order in which they stand
def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    scaler = StandardScaler().fit(X)
    Z = scaler.transform(X)
    model = SGDClassifier(loss="log_loss", random_state=seed)
    for _ in range(n_epochs):
        for i in range(0, len(Z), batch_size):
            model.partial_fit(Z[i : i + batch_size], y[i : i + batch_size], classes=classes)
    return model.predict(scaler.transform(X_test))
