# wrong: the arguments themselves are changed
# message: you changed X_train in place
def standardise(X_train, X_test):
    mean, sd = X_train.mean(axis=0), X_train.std(axis=0)
    sd[sd == 0] = 1
    X_train -= mean
    X_train /= sd
    X_test -= mean
    X_test /= sd
    return X_train, X_test
