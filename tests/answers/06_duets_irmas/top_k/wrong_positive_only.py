# wrong: negative scores are never chosen
# message: exactly k in each row|all zeros
def top_k(scores, k):
    places = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    result = np.zeros(scores.shape, dtype=int)
    np.put_along_axis(result, places, 1, axis=1)
    return result * (scores > 0)
