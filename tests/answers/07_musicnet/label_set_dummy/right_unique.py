def label_set_dummy(Y_train, Y_test):
    rows, n = np.unique(Y_train, axis=0, return_counts=True)
    best = rows[np.argmax(n)]
    return np.mean([np.array_equal(row, best) for row in Y_test])
