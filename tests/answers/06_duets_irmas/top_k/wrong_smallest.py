# wrong: ascending order: the k smallest
# message: larger than one that was chosen
def top_k(scores, k):
    places = np.argsort(scores, axis=1, kind="stable")[:, :k]
    result = np.zeros(scores.shape, dtype=int)
    np.put_along_axis(result, places, 1, axis=1)
    return result
