def multilabel_scores(Y_true, Y_pred):
    A, B = np.asarray(Y_true, dtype=bool), np.asarray(Y_pred, dtype=bool)
    tp, wrong = np.sum(A & B, axis=0), np.sum(A ^ B, axis=0)
    below = 2 * tp + wrong
    each = np.divide(2 * tp, below, out=np.zeros(len(tp)), where=below > 0)
    micro = 2 * tp.sum() / max(below.sum(), 1)
    return dict(per_label=1 - wrong.sum() / A.size, exact=np.mean(~(A ^ B).any(axis=1)), micro_f1=micro,
                macro_f1=each.mean())
