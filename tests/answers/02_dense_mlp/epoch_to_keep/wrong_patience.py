# wrong: early stopping: after three epochs without progress nothing is looked at
# message: patience
def epoch_to_keep(history):
    best, waited = 0, 0
    losses = history["val_loss"]
    for i in range(1, len(losses)):
        if losses[i] < losses[best]:
            best, waited = i, 0
        else:
            waited += 1
            if waited >= 3:
                break
    return best + 1
