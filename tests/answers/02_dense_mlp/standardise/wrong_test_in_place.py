# wrong: the test rows are changed in place
# message: you changed X_test in place
def standardise(X_train, X_test):
    mean, sd = X_train.mean(axis=0), X_train.std(axis=0)
    sd = np.where(sd > 0, sd, 1)
    Z_train = (X_train - mean) / sd
    X_test[:] = (X_test - mean) / sd
    return Z_train, X_test
