import math


def fresh_starts(losses_before, n_classes):
    result = []
    for loss in losses_before:
        if loss < math.log(n_classes) - 0.1 or loss > math.log(n_classes) + 0.8:
            result.append(False)
        else:
            result.append(True)
    return result
