def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    rng = np.random.default_rng(seed)
    mean, sd = X.mean(axis=0), X.std(axis=0)
    A, B = (X - mean) / sd, (X_test - mean) / sd
    clf = SGDClassifier(loss="log_loss", random_state=seed)
    for epoch in range(n_epochs):
        order = rng.permutation(len(A))
        for start in range(0, len(A), batch_size):
            batch = order[start : start + batch_size]
            clf.partial_fit(A[batch], y[batch], classes=classes)
    return clf.predict(B)
