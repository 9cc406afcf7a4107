# wrong: rows are the predictions, as in the report
# message: wrong way round
def confusion(batches, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for y_true, y_pred in batches:
        for t, p in zip(y_true, y_pred):
            matrix[int(p), int(t)] += 1
    return matrix
