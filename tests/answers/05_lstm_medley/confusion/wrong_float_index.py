# wrong: labels used as an index as they come
# message: IndexError
def confusion(batches, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for y_true, y_pred in batches:
        np.add.at(matrix, (y_true, y_pred), 1)
    return matrix
