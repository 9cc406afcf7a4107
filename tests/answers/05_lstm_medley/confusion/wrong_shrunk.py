# wrong: absent classes lose their row and column
# message: should have shape|square
from sklearn.metrics import confusion_matrix


def confusion(batches, n_classes):
    y_true = np.concatenate([t for t, _ in batches])
    y_pred = np.concatenate([p for _, p in batches])
    return confusion_matrix(y_true, y_pred)
