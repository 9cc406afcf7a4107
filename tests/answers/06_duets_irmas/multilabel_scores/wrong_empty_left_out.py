# wrong: labels without any yes are left out of the mean
# message: not as absent
def multilabel_scores(Y_true, Y_pred):
    A, B = np.asarray(Y_true).astype(float), np.asarray(Y_pred).astype(float)
    tp, yes = (A * B).sum(axis=0), A.sum(axis=0) + B.sum(axis=0)
    there = yes > 0
    return {
        "per_label": (A == B).mean(), "exact": (A == B).all(axis=1).mean(),
        "micro_f1": 2 * tp.sum() / max(yes.sum(), 1),
        "macro_f1": np.mean(2 * tp[there] / yes[there]) if there.any() else 0.0,
    }
