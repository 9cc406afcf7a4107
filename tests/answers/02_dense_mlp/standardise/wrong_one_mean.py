# wrong: one mean and one deviation for the whole array
# message: one mean a column|each column of Z_train should have mean 0
def standardise(X_train, X_test):
    return (X_train - X_train.mean()) / X_train.std(), (X_test - X_train.mean()) / X_train.std()
