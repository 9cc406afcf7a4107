# wrong: probability of guessing in place of its cross-entropy
# message: logarithm
def fresh_starts(losses_before, n_classes):
    return [bool(1 / n_classes - 0.1 <= loss <= 1 / n_classes + 0.8) for loss in losses_before]
