# wrong: the epoch of the lowest training loss
# message: depends on something other
def epoch_to_keep(history):
    return int(np.nanargmin(history["loss"])) + 1
