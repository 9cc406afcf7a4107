# wrong: only the training array comes back
# message: two arrays should come back
def standardise(X_train, X_test):
    return StandardScaler().fit_transform(X_train)
