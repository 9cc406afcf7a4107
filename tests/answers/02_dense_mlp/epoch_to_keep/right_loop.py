def epoch_to_keep(history):
    best, best_epoch = float("inf"), None
    for epoch, loss in enumerate(history["val_loss"], start=1):
        if loss < best:
            best, best_epoch = loss, epoch
    return best_epoch
