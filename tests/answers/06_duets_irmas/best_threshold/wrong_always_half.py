# wrong: 0.5
# message: one of the numbers in grid
def best_threshold(Y_val, scores_val, grid):
    return 0.5
