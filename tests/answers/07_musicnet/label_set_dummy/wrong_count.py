# wrong: a count of rows
# message: share and not
def label_set_dummy(Y_train, Y_test):
    rows, counts = np.unique(Y_train, axis=0, return_counts=True)
    return int((Y_test == rows[counts.argmax()]).all(axis=1).sum())
