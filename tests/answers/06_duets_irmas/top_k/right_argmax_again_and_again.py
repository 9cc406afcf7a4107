def top_k(scores, k):
    left = np.array(scores, dtype=float)
    result = np.zeros(left.shape, dtype=bool)
    for _ in range(k):
        best = left.argmax(axis=1)  # the first of equal ones
        result[np.arange(len(left)), best] = True
        left[np.arange(len(left)), best] = -np.inf
    return result.astype(np.int64)
