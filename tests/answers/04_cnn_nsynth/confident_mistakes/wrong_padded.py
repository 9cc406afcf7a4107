# wrong: filled up with zeros
# message: is the list filled up|rows came back
def confident_mistakes(proba, y_true, k):
    wrong = np.flatnonzero(proba.argmax(axis=1) != y_true)
    wrong = wrong[np.argsort(-proba[wrong].max(axis=1))]
    rows = np.zeros(k, dtype=int)
    rows[: len(wrong)] = wrong[:k]
    return rows
