# wrong: the largest over the whole array
# message: exactly k in each row|number of ones in each row
def top_k(scores, k):
    scores = np.asarray(scores)
    limit = np.sort(scores.ravel())[::-1][k * len(scores) - 1]
    return (scores >= limit).astype(int)
