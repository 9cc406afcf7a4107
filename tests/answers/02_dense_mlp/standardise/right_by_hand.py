def standardise(X_train, X_test):
    mean = np.mean(X_train, axis=0)[None, :]
    std = np.std(X_train, axis=0)[None, :]
    std[std == 0] = 1.0
    return (X_train - mean) / std, (X_test - mean) / std
