def standardise(X_train, X_test):
    """In place, but on copies."""
    Z_train, Z_test = X_train.copy(), X_test.copy()
    scaler = StandardScaler(copy=False)
    Z_train = scaler.fit_transform(Z_train)
    Z_test = scaler.transform(Z_test)
    return Z_train, Z_test
