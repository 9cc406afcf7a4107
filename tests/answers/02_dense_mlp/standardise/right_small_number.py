def standardise(X_train, X_test):
    mu, sigma = np.mean(X_train, axis=0), np.std(X_train, axis=0)
    Z_train = (X_train - mu) / (sigma + 1e-8)
    Z_test = (X_test - mu) / (sigma + 1e-8)
    return Z_train, Z_test
