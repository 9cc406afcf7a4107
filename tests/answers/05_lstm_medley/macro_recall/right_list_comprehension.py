def macro_recall(cm):
    cm = np.asarray(cm, dtype=float)
    return float(np.mean([row[c] / row.sum() for c, row in enumerate(cm) if row.any()]))
