# wrong: accuracy of the largest entry
# message: argmax is for one class
from sklearn.metrics import f1_score


def multilabel_scores(Y_true, Y_pred):
    A, B = np.asarray(Y_true).astype(int), np.asarray(Y_pred).astype(int)
    return {
        "per_label": (A == B).mean(), "exact": np.mean(A.argmax(axis=1) == B.argmax(axis=1)),
        "micro_f1": f1_score(A, B, average="micro", zero_division=0),
        "macro_f1": f1_score(A, B, average="macro", zero_division=0),
    }
