# wrong: the k column numbers, not 0 and 1 for all labels
# message: should have shape
def top_k(scores, k):
    return np.argsort(-scores, axis=1, kind="stable")[:, :k]
