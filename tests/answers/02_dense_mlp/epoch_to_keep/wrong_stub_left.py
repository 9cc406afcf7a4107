# wrong: the answer is written, but the line that raises is still there
# message: NotImplementedError
def epoch_to_keep(history):
    losses = np.array(history["val_loss"])
    best = int(np.nanargmin(losses)) + 1
    raise NotImplementedError()
