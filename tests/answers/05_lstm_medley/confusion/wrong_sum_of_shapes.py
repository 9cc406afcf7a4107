# wrong: matrices of different shapes are added
# message: do not go together|could not be broadcast|should have shape
from sklearn.metrics import confusion_matrix


def confusion(batches, n_classes):
    results = 0
    for y_true, y_pred in batches:
        results = results + confusion_matrix(y_true, y_pred)
    return results
