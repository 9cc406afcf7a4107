def confusion(batches, n_classes):
    matrix = [[0] * n_classes for _ in range(n_classes)]
    for y_true, y_pred in batches:
        for t, p in zip(y_true, y_pred):
            matrix[int(t)][int(p)] += 1
    return matrix
