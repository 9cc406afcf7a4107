# wrong: one answer for all losses
# message: one-answer-per-loss: .*shape
def fresh_starts(losses_before, n_classes):
    low, high = np.log(n_classes) - 0.1, np.log(n_classes) + 0.8
    return all(low <= loss <= high for loss in losses_before)
