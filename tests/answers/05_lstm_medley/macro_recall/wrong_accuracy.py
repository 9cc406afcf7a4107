# wrong: accuracy
# message: is it accuracy|not the right value
def macro_recall(cm):
    return np.trace(cm) / cm.sum()
