def fresh_starts(losses_before, n_classes):
    return [-0.1 <= loss - np.log(n_classes) <= 0.8 for loss in losses_before]
