# wrong: the epoch before the first rise
# message: first rise
def epoch_to_keep(history):
    losses = history["val_loss"]
    for i in range(1, len(losses)):
        if losses[i] > losses[i - 1]:
            return i
    return len(losses)
