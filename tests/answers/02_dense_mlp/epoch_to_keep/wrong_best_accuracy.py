# wrong: the epoch of the highest validation accuracy
# message: depends on something other|lowest-validation-loss
def epoch_to_keep(history):
    key = "val_accuracy" if "val_accuracy" in history else "val_acc"
    return int(np.nanargmax(history[key])) + 1
