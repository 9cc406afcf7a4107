# wrong: four numbers in a tuple
# message: should be a dict
def multilabel_scores(Y_true, Y_pred):
    same = np.asarray(Y_true) == np.asarray(Y_pred)
    return same.mean(), same.all(axis=1).mean(), 0.0, 0.0
