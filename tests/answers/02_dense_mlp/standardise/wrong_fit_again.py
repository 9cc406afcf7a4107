# wrong: the scaler is fitted again on the test set
# message: must come out shifted
def standardise(X_train, X_test):
    scaler = StandardScaler()
    return scaler.fit_transform(X_train), scaler.fit_transform(X_test)
