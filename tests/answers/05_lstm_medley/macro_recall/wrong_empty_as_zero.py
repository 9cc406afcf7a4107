# wrong: a class without clips counts as 0
# message: classes without clips count as 0|not the right value
def macro_recall(cm):
    return float(np.mean(np.diag(cm) / np.maximum(cm.sum(axis=1), 1)))
