def best_threshold(Y_val, scores_val, grid):
    grid = np.sort(np.asarray(grid, dtype=np.float32))
    said = scores_val[None] >= grid[:, None, None]
    tp = (said & (Y_val[None] > 0)).sum(axis=(1, 2))
    yes = said.sum(axis=(1, 2)) + Y_val.sum()
    f1 = np.divide(2 * tp, yes, out=np.zeros(len(grid)), where=yes > 0)
    return grid[f1.argmax()]
