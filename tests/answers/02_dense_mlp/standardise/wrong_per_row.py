# wrong: mean and deviation of each row
# message: each column of Z_train should have mean 0
def standardise(X_train, X_test):
    def scale(X):
        return (X - X.mean(axis=1, keepdims=True)) / (X.std(axis=1, keepdims=True) + 1e-9)
    return scale(X_train), scale(X_test)
