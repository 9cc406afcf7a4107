def best_threshold(Y_val, scores_val, grid):
    decisions = [(y == 1, s) for truths, row in zip(Y_val.tolist(), scores_val.tolist()) for y, s in zip(truths, row)]
    best = (-1.0, 0.0)
    for threshold in grid:
        tp = fp = fn = 0
        for there, score in decisions:
            said = score >= threshold
            tp += there and said
            fp += said and not there
            fn += there and not said
        f1 = 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0.0
        best = max(best, (f1, -threshold))
    return -best[1]
