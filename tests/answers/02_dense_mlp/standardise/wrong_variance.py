# wrong: divided by the variance
# message: standard deviation 1
def standardise(X_train, X_test):
    mean, var = X_train.mean(axis=0), X_train.var(axis=0)
    var[var == 0] = 1
    return (X_train - mean) / var, (X_test - mean) / var
