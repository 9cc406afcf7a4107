# wrong: counts kept as floats
# message: of type int|so int
def confusion(batches, n_classes):
    matrix = np.zeros((n_classes, n_classes))
    for y_true, y_pred in batches:
        np.add.at(matrix, (np.asarray(y_true, int), np.asarray(y_pred, int)), 1)
    return matrix
