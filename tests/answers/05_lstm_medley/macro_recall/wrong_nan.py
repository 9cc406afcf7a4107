# wrong: 0 / 0 for a class without clips
# message: NaN
def macro_recall(cm):
    return float(np.mean(np.diag(cm) / cm.sum(axis=1)))
