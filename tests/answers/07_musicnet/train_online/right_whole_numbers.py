def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    names = np.array(classes)
    index = np.array([list(names).index(label) for label in y])
    scaler = StandardScaler().fit(X)
    X, X_test = scaler.transform(X), scaler.transform(X_test)
    model = SGDClassifier(loss="log_loss", random_state=seed)
    rng = np.random.RandomState(seed)
    rows = np.arange(len(X))
    for _ in range(n_epochs):
        rng.shuffle(rows)
        for batch in np.array_split(rows, range(batch_size, len(rows), batch_size)):
            model.partial_fit(X[batch], index[batch], classes=np.arange(len(names)))
    return names[model.predict(X_test)]
