def multilabel_scores(Y_true, Y_pred):
    n_items, n_labels = np.shape(Y_true)
    tp, fp, fn = [0] * n_labels, [0] * n_labels, [0] * n_labels
    right = exact = 0
    for t_row, p_row in zip(Y_true, Y_pred):
        same = [bool(t) == bool(p) for t, p in zip(t_row, p_row)]
        right += sum(same)
        exact += all(same)
        for c, (t, p) in enumerate(zip(t_row, p_row)):
            tp[c] += bool(t) and bool(p)
            fp[c] += bool(p) and not bool(t)
            fn[c] += bool(t) and not bool(p)

    def f1(tp, fp, fn):
        return 2 * tp / (2 * tp + fp + fn) if tp else 0.0

    return {
        "per_label": right / (n_items * n_labels), "exact": exact / n_items,
        "micro_f1": f1(sum(tp), sum(fp), sum(fn)),
        "macro_f1": sum(f1(*three) for three in zip(tp, fp, fn)) / n_labels,
    }
