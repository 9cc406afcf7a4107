# wrong: NaN in the constant column
# message: NaN or infinite
def standardise(X_train, X_test):
    mean, sd = X_train.mean(axis=0), X_train.std(axis=0)
    with np.errstate(invalid="ignore"):
        return (X_train - mean) / sd, (X_test - mean) / sd
