# wrong: training and test rows are stacked before fitting
# message: changes when only the test set changes
def standardise(X_train, X_test):
    scaler = StandardScaler().fit(np.vstack([X_train, X_test]))
    return scaler.transform(X_train), scaler.transform(X_test)
