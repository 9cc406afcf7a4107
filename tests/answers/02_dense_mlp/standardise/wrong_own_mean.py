# wrong: each set has its own mean, by hand
# message: must come out shifted
def standardise(X_train, X_test):
    sd = X_train.std(axis=0)
    sd[sd == 0] = 1
    return (X_train - X_train.mean(axis=0)) / sd, (X_test - X_test.mean(axis=0)) / sd
