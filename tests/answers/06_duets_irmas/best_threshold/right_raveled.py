def best_threshold(Y_val, scores_val, grid):
    y, s = np.ravel(Y_val), np.ravel(scores_val)
    results = []
    for t in grid:
        tp, n_said = np.sum(y[s >= t]), np.sum(s >= t)
        results.append((-2 * tp / (n_said + y.sum()) if n_said + y.sum() > 0 else 0.0, t))
    return min(results)[1]
