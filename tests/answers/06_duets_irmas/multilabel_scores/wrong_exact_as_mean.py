# wrong: exact match as the mean of the right decisions
# message: 'exact' is the share of right decisions
from sklearn.metrics import f1_score


def multilabel_scores(Y_true, Y_pred):
    A, B = np.asarray(Y_true).astype(int), np.asarray(Y_pred).astype(int)
    return {
        "per_label": (A == B).mean(), "exact": np.mean(A == B),
        "micro_f1": f1_score(A, B, average="micro", zero_division=0),
        "macro_f1": f1_score(A, B, average="macro", zero_division=0),
    }
