# wrong: only the right answers are counted
# message: adds up to
def confusion(batches, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for y_true, y_pred in batches:
        for t, p in zip(y_true, y_pred):
            matrix[int(t), int(t)] += t == p
    return matrix
