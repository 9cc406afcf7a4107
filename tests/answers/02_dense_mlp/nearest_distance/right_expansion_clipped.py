def nearest_distance(X_train, X_test):
    mean, sd = X_train.mean(axis=0, dtype=np.float64), X_train.std(axis=0, dtype=np.float64)
    A, B = (X_train - mean) / sd, (X_test - mean) / sd
    squares = (B**2).sum(1)[:, None] + (A**2).sum(1)[None, :] - 2 * B @ A.T
    return np.sqrt(np.maximum(squares, 0)).min(axis=1)
