# wrong: one matrix for the whole program, never set back to 0
# message: was not reset|adds up to
matrix = np.zeros((20, 20), dtype=int)


def confusion(batches, n_classes):
    for y_true, y_pred in batches:
        np.add.at(matrix, (np.asarray(y_true, int), np.asarray(y_pred, int)), 1)
    return matrix[:n_classes, :n_classes].copy()
