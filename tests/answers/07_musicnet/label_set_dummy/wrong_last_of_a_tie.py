# wrong: the last of several equally frequent sets
# message: tie
def label_set_dummy(Y_train, Y_test):
    rows, counts = np.unique(Y_train, axis=0, return_counts=True)
    best = rows[::-1][counts[::-1].argmax()]
    return np.mean((Y_test == best).all(axis=1))
