# wrong: right answers are included
# message: rows are no mistakes|values are off
def confident_mistakes(proba, y_true, k):
    return np.argsort(-proba.max(axis=1))[:k]
