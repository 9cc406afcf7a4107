# wrong: places among the mistakes, not among the clips
# message: values are off|no mistakes
def confident_mistakes(proba, y_true, k):
    wrong = proba[proba.argmax(axis=1) != y_true]
    return np.argsort(-wrong.max(axis=1))[:k]
