# wrong: no upper limit
# message: upper-limit: .*far above
def fresh_starts(losses_before, n_classes):
    return [bool(loss >= np.log(n_classes) - 0.1) for loss in losses_before]
