def confident_mistakes(proba, y_true, k):
    pred = np.argmax(proba, axis=1)
    conf = np.max(proba, axis=1)
    order = np.argsort(conf)[::-1]
    return order[pred[order] != y_true[order]][:k]
