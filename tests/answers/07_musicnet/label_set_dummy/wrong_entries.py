# wrong: share of right entries instead of right rows
# message: no exact match
def label_set_dummy(Y_train, Y_test):
    rows, counts = np.unique(Y_train, axis=0, return_counts=True)
    return np.mean(Y_test == rows[counts.argmax()])
