from sklearn.metrics import accuracy_score, f1_score


def multilabel_scores(Y_true, Y_pred):
    Y_true, Y_pred = np.asarray(Y_true).astype(int), np.asarray(Y_pred).astype(int)
    return {
        "per_label": (Y_true == Y_pred).mean(),
        "exact": accuracy_score(Y_true, Y_pred),
        "micro_f1": f1_score(Y_true, Y_pred, average="micro", zero_division=0),
        "macro_f1": f1_score(Y_true, Y_pred, average="macro", zero_division=0),
    }
