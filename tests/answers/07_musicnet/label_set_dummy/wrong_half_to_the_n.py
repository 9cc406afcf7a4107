# wrong: the report's claim: ten coin flips
# message: not the right value|should all be right
def label_set_dummy(Y_train, Y_test):
    return 0.5 ** np.shape(Y_train)[1]
