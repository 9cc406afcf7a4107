# wrong: the matrix of the last batch only, as in the report
# message: last batch only|adds up to
from sklearn.metrics import confusion_matrix


def confusion(batches, n_classes):
    for y_true, y_pred in batches:
        matrix = confusion_matrix(y_true, y_pred, labels=range(n_classes))
    return matrix
