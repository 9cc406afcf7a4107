# wrong: transform without fit
# message: not fitted
def standardise(X_train, X_test):
    scaler = StandardScaler()
    return scaler.transform(X_train), scaler.transform(X_test)
