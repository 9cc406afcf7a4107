# wrong: the last epoch
# message: worse epochs at the end
def epoch_to_keep(history):
    return len(history["val_loss"])
