# wrong: the matrix lives in a default argument and keeps its counts
# message: was not reset|adds up to
def confusion(batches, n_classes, kept={}):
    matrix = kept.setdefault(n_classes, np.zeros((n_classes, n_classes), dtype=int))
    for y_true, y_pred in batches:
        for t, p in zip(y_true, y_pred):
            matrix[int(t), int(p)] += 1
    return matrix.copy()
