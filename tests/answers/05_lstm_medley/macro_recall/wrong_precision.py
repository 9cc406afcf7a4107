# wrong: divided by the columns
# message: mean precision|not the right value|NaN
def macro_recall(cm):
    return np.nanmean(np.diag(cm) / np.maximum(cm.sum(axis=0), 1))
