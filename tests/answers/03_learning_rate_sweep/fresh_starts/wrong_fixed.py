# wrong: the limits of ten classes, whatever the number of classes
# message: refused: do the limits follow
def fresh_starts(losses_before, n_classes):
    return [bool(2.2 <= loss <= 3.1) for loss in losses_before]
