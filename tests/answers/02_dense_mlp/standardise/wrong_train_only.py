# wrong: only the training set is scaled
# message: scale it, too
def standardise(X_train, X_test):
    return StandardScaler().fit_transform(X_train), X_test
