# wrong: subtracts arrays, which numpy refuses for bool
# message: TypeError|kinds-of-numbers
from sklearn.metrics import f1_score


def multilabel_scores(Y_true, Y_pred):
    wrong = np.abs(Y_true - Y_pred)
    return {
        "per_label": 1 - wrong.mean(), "exact": np.mean(wrong.sum(axis=1) == 0),
        "micro_f1": f1_score(Y_true, Y_pred, average="micro", zero_division=0),
        "macro_f1": f1_score(Y_true, Y_pred, average="macro", zero_division=0),
    }
