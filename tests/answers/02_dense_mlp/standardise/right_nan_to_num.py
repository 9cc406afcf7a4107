def standardise(X_train, X_test):
    with np.errstate(invalid="ignore", divide="ignore"):
        a = (X_train - X_train.mean(axis=0)) / X_train.std(axis=0)
        b = (X_test - X_train.mean(axis=0)) / X_train.std(axis=0)
    return np.nan_to_num(a), np.nan_to_num(b)
