import math


def epoch_to_keep(history):
    best = None
    for epoch, loss in enumerate(history["val_loss"], start=1):
        if not math.isnan(loss) and (best is None or loss < history["val_loss"][best - 1]):
            best = epoch
    return best
