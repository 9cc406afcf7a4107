# wrong: 0 / 0 is not looked at, and NaN wins
# message: said no to all won|says no to all won|smallest threshold|larger micro F1|ZeroDivision
def best_threshold(Y_val, scores_val, grid):
    grid = np.sort(grid)
    f1 = []
    for t in grid:
        said = scores_val >= t
        precision = (said * Y_val).sum() / said.sum()
        recall = (said * Y_val).sum() / Y_val.sum()
        f1.append(2 * precision * recall / (precision + recall))
    return grid[np.argmax(f1)]
