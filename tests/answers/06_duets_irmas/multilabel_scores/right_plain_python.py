def multilabel_scores(Y_true, Y_pred):
    items = [([v > 0.5 for v in t], [v > 0.5 for v in p]) for t, p in zip(Y_true.tolist(), Y_pred.tolist())]
    n_labels = len(items[0][0])
    hits, wrong = [0] * n_labels, [0] * n_labels
    for truth, said in items:
        for c in range(n_labels):
            if truth[c] != said[c]:
                wrong[c] += 1
            elif truth[c]:
                hits[c] += 1

    def f1(tp, fp_and_fn):
        return 2 * tp / (2 * tp + fp_and_fn) if tp + fp_and_fn else 0.0

    scores = {"micro_f1": f1(sum(hits), sum(wrong))}
    scores["macro_f1"] = sum(map(f1, hits, wrong)) / n_labels
    scores["exact"] = sum(truth == said for truth, said in items) / len(items)
    scores["per_label"] = 1 - sum(wrong) / len(items) / n_labels
    return scores
