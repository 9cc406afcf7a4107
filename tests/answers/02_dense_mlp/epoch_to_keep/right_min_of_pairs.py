import math


def epoch_to_keep(training_history):
    pairs = [(v, i + 1) for i, v in enumerate(training_history["val_loss"]) if not math.isnan(v)]
    value, epoch = min(pairs)
    return float(epoch)
