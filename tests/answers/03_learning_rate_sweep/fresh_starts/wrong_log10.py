# wrong: logarithm to base 10
# message: logarithm
def fresh_starts(losses_before, n_classes):
    low, high = np.log10(n_classes) - 0.1, np.log10(n_classes) + 0.8
    return [bool(low <= loss <= high) for loss in losses_before]
