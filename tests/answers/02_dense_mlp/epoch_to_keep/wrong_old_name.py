# wrong: an old name of the series
# message: val_accuracy
def epoch_to_keep(history):
    return int(np.argmax(history["val_acc"])) + 1
