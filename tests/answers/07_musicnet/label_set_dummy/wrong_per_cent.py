# wrong: per cent
# message: not per cent
def label_set_dummy(Y_train, Y_test):
    rows, counts = np.unique(Y_train, axis=0, return_counts=True)
    return 100 * np.mean((Y_test == rows[counts.argmax()]).all(axis=1))
