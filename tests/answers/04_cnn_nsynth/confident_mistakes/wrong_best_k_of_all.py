# wrong: the k surest of all clips, then the mistakes among them
# message: should have shape
def confident_mistakes(proba, y_true, k):
    top = np.argsort(-proba.max(axis=1))[:k]
    return top[proba[top].argmax(axis=1) != y_true[top]]
