# wrong: > in place of >=
# message: that equals the threshold should be a yes
def best_threshold(Y_val, scores_val, grid):
    def f1(t):
        said = scores_val > t
        yes = said.sum() + Y_val.sum()
        return 2 * (said * Y_val).sum() / yes if yes else 0.0

    return max(sorted(grid), key=f1)
