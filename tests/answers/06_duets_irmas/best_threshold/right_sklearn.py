from sklearn.metrics import f1_score


def best_threshold(Y_val, scores_val, grid):
    grid = np.sort(np.asarray(grid, dtype=float))
    scores = [f1_score(Y_val, (scores_val >= t).astype(int), average="micro", zero_division=0) for t in grid]
    return float(grid[int(np.argmax(scores))])
