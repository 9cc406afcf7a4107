import math


def choose_rate(results):
    lowest = {}
    for rate in results:
        finite = [loss for loss in results[rate]["val_loss"] if math.isfinite(loss)]
        if finite:
            lowest[rate] = min(finite)
    return min((loss, rate) for rate, loss in lowest.items())[1]
