# wrong: NaN where a label has no yes at all
# message: NaN or infinite
def multilabel_scores(Y_true, Y_pred):
    A, B = np.asarray(Y_true).astype(float), np.asarray(Y_pred).astype(float)
    tp, yes = (A * B).sum(axis=0), A.sum(axis=0) + B.sum(axis=0)
    return {
        "per_label": (A == B).mean(), "exact": (A == B).all(axis=1).mean(),
        "micro_f1": 2 * tp.sum() / yes.sum(), "macro_f1": np.mean(2 * tp / yes),
    }
