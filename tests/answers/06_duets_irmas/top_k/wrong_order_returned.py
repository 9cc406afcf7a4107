# wrong: the order of argsort
# message: should not go above 1|0 and 1 only
def top_k(scores, k):
    return np.argsort(-scores, axis=1, kind="stable")
