# wrong: the most frequent set of the test rows
# message: found in Y_test
def label_set_dummy(Y_train, Y_test):
    rows, counts = np.unique(Y_test, axis=0, return_counts=True)
    return counts.max() / len(Y_test)
