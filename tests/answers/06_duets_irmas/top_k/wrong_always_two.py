# wrong: two typed in
# message: exactly k in each row
def top_k(scores, k):
    places = np.argsort(-scores, axis=1, kind="stable")[:, :2]
    result = np.zeros(scores.shape, dtype=int)
    np.put_along_axis(result, places, 1, axis=1)
    return result
