# wrong: one threshold a label
# message: should have shape \(\)
def best_threshold(Y_val, scores_val, grid):
    grid = np.sort(grid)
    chosen = []
    for y, s in zip(Y_val.T, scores_val.T):
        f1 = [2 * (y * (s >= t)).sum() / max(y.sum() + (s >= t).sum(), 1) for t in grid]
        chosen.append(grid[int(np.argmax(f1))])
    return np.array(chosen)
