# wrong: the F1 of each row, averaged
# message: the largest|another threshold of the grid has a larger micro F1|not the right value
def best_threshold(Y_val, scores_val, grid):
    def f1(t):
        said = scores_val >= t
        yes = said.sum(axis=1) + Y_val.sum(axis=1)
        return np.mean(2 * (said * Y_val).sum(axis=1) / np.maximum(yes, 1))

    return max(sorted(grid), key=f1)
