# wrong: no lower limit: a trained network passes
# message: lower limit
def fresh_starts(losses_before, n_classes):
    return [bool(loss <= np.log(n_classes) + 0.8) for loss in losses_before]
