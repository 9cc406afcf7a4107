# wrong: the mean is taken off, the deviation left
# message: standard deviation 1
def standardise(X_train, X_test):
    return X_train - X_train.mean(axis=0), X_test - X_train.mean(axis=0)
