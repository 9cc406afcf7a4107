# wrong: scored on the training rows
# message: not the right value
def label_set_dummy(Y_train, Y_test):
    rows, counts = np.unique(Y_train, axis=0, return_counts=True)
    return counts.max() / len(Y_train)
