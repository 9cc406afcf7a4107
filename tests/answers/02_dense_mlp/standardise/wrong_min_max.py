# wrong: scaled to 0..1 in place of mean 0 and deviation 1
# message: mean 0
def standardise(X_train, X_test):
    low, high = X_train.min(axis=0), X_train.max(axis=0)
    width = np.where(high == low, 1, high - low)
    return (X_train - low) / width, (X_test - low) / width
