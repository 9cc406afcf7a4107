# wrong: the recalls, not their mean
# message: should have shape
def macro_recall(cm):
    there = cm.sum(axis=1) > 0
    return np.diag(cm)[there] / cm.sum(axis=1)[there]
