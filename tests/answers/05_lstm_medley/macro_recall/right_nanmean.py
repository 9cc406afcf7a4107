def macro_recall(cm):
    with np.errstate(invalid="ignore", divide="ignore"):
        recalls = np.diag(cm) / cm.sum(axis=1)
    return np.nanmean(recalls)
