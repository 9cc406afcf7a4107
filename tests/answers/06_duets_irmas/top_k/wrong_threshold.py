# wrong: a threshold of 0.5
# message: exactly k in each row|number of ones in each row
def top_k(scores, k):
    return (np.asarray(scores) >= 0.5).astype(int)
