def macro_recall(cm):
    support = cm.sum(1)
    recall = np.divide(cm.diagonal(), support, out=np.zeros(len(cm)), where=support > 0)
    return recall.sum() / np.count_nonzero(support)
