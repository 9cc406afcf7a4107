# wrong: the loss in place of the epoch
# message: whole number|should not go below 1
def epoch_to_keep(history):
    return np.nanmin(history["val_loss"])
