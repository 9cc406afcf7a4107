# wrong: the scaler is fitted on the test set
# message: mean 0|statistics of the test rows
def standardise(X_train, X_test):
    scaler = StandardScaler().fit(X_test)
    return scaler.transform(X_train), scaler.transform(X_test)
