# wrong: the place in the grid comes back
# message: one of the numbers in grid
def best_threshold(Y_val, scores_val, grid):
    def f1(t):
        said = scores_val >= t
        yes = said.sum() + Y_val.sum()
        return 2 * (said * Y_val).sum() / yes if yes else 0.0

    return int(np.argmax([f1(t) for t in grid]))
