def confident_mistakes(proba, y_true, k):
    answer = proba.argmax(1)
    surety = np.where(answer == y_true, -1.0, proba.max(1))
    n = min(k, int((answer != y_true).sum()))
    return np.argsort(-surety)[:n]
