# wrong: returns inside the loop
# message: adds up to
def confusion(batches, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for y_true, y_pred in batches:
        np.add.at(matrix, (np.asarray(y_true, int), np.asarray(y_pred, int)), 1)
        return matrix
