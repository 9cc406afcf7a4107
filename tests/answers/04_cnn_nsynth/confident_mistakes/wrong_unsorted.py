# wrong: the first mistakes, not the surest
# message: surest mistake of all is missing|not in the order|values are off
def confident_mistakes(proba, y_true, k):
    return np.flatnonzero(proba.argmax(axis=1) != y_true)[:k]
