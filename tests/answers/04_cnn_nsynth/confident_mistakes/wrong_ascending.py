# wrong: the least sure first
# message: turn the order round|surest mistake of all is missing
def confident_mistakes(proba, y_true, k):
    wrong = np.flatnonzero(proba.argmax(axis=1) != y_true)
    return wrong[np.argsort(proba[wrong].max(axis=1))][:k]
