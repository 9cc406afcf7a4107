# wrong: a class without clips counts as found
# message: not the right value
def macro_recall(cm):
    n = cm.sum(axis=1)
    return float(np.mean(np.where(n > 0, np.diag(cm) / np.maximum(n, 1), 1.0)))
