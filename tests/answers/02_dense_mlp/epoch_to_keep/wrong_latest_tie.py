# wrong: the latest epoch at a tie
# message: earliest epoch
def epoch_to_keep(history):
    return max(i + 1 for i, v in enumerate(history["val_loss"]) if v == np.nanmin(history["val_loss"]))
