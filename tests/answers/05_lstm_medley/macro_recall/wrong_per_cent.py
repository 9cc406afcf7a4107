# wrong: per cent
# message: should not go above 1
def macro_recall(cm):
    there = cm.sum(axis=1) > 0
    return 100 * float(np.mean(np.diag(cm)[there] / cm.sum(axis=1)[there]))
