# wrong: each label's own majority, a set that may never occur
# message: never occurs in training
def label_set_dummy(Y_train, Y_test):
    best = np.mean(Y_train, axis=0) >= 0.5
    return np.mean((Y_test == best).all(axis=1))
