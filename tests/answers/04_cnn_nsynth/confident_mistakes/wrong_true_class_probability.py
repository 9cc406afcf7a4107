# wrong: sorted by the probability of the true class
# message: not in the order|surest mistake|values are off
def confident_mistakes(proba, y_true, k):
    wrong = np.flatnonzero(proba.argmax(axis=1) != y_true)
    return wrong[np.argsort(proba[wrong, y_true[wrong]])][:k]
