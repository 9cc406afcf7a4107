def top_k(scores, k):
    scores = np.asarray(scores, dtype=float)
    places = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    result = np.zeros(scores.shape, dtype=int)
    result[np.arange(len(scores))[:, None], places] = 1
    return result
