def nearest_distance(X_train, X_test):
    m, s = np.mean(X_train, 0), np.std(X_train, 0)
    A = (X_train - m) / s
    distances = []
    for row in X_test:
        z = (row - m) / s
        distances.append(np.sqrt(np.sum((A - z) ** 2, axis=1)).min())
    return distances
