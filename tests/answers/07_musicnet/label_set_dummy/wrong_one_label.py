# wrong: only the most frequent single label
# message: several ones, or none|not made of
def label_set_dummy(Y_train, Y_test):
    best = np.zeros(np.shape(Y_train)[1])
    best[np.argmax(np.sum(Y_train, axis=0))] = 1
    return np.mean((Y_test == best).all(axis=1))
