# wrong: the accuracy is maximised
# message: has the largest \*accuracy
def best_threshold(Y_val, scores_val, grid):
    return max(sorted(grid), key=lambda t: np.mean((scores_val >= t) == Y_val))
