# wrong: macro F1 is maximised
# message: has the largest \*macro|another threshold of the grid has a larger micro F1
from sklearn.metrics import f1_score


def best_threshold(Y_val, scores_val, grid):
    return max(sorted(grid), key=lambda t: f1_score(Y_val, (scores_val >= t).astype(int), average="macro",
                                                    zero_division=0))
