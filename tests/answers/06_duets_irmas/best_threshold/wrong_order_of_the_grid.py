# wrong: the first of the best in the order of the grid
# message: is not the smallest|smallest threshold
def best_threshold(Y_val, scores_val, grid):
    def f1(t):
        said = scores_val >= t
        yes = said.sum() + Y_val.sum()
        return 2 * (said * Y_val).sum() / yes if yes else 0.0

    return max(grid, key=f1)
