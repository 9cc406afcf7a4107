# wrong: the last k of an ascending order, so that the higher column wins a tie
# message: the lower column number should win
def top_k(scores, k):
    places = np.argsort(scores, axis=1, kind="stable")[:, -k:]
    result = np.zeros(scores.shape, dtype=int)
    np.put_along_axis(result, places, 1, axis=1)
    return result
