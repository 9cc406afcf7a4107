def multilabel_scores(Y_true, Y_pred):
    t, p = np.array(Y_true, dtype=float), np.array(Y_pred, dtype=float)

    def ratio(a, b):
        return a / b if b else 0.0

    def f1(t, p):
        precision, recall = ratio((t * p).sum(), p.sum()), ratio((t * p).sum(), t.sum())
        return ratio(2 * precision * recall, precision + recall)

    return {
        "per_label": np.mean(t == p),
        "exact": np.mean(np.all(t == p, axis=1)),
        "micro_f1": f1(t, p),
        "macro_f1": np.mean([f1(t[:, c], p[:, c]) for c in range(t.shape[1])]),
    }
