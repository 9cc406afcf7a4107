def epoch_to_keep(history):
    return np.nanargmin(history["val_loss"]) + 1
