# wrong: recalls weighted by the clips, which is the accuracy
# message: is it accuracy|not the right value
def macro_recall(cm):
    n = cm.sum(axis=1)
    return float(np.average(np.diag(cm) / np.maximum(n, 1), weights=n))
