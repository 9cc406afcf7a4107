# wrong: labels in place of row numbers
# message: values are off|no mistakes|comes twice
def confident_mistakes(proba, y_true, k):
    wrong = np.flatnonzero(proba.argmax(axis=1) != y_true)
    order = np.argsort(-proba[wrong].max(axis=1))
    return y_true[wrong[order]][:k]
