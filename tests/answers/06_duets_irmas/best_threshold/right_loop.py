def best_threshold(Y_val, scores_val, grid):
    best, best_f1 = None, -1.0
    for t in sorted(grid):
        said = (scores_val >= t).astype(int)
        tp = np.sum((said == 1) & (Y_val == 1))
        fp, fn = np.sum((said == 1) & (Y_val == 0)), np.sum((said == 0) & (Y_val == 1))
        f1 = 2 * tp / (2 * tp + fp + fn) if tp + fp + fn > 0 else 0.0
        if f1 > best_f1:
            best, best_f1 = t, f1
    return best
