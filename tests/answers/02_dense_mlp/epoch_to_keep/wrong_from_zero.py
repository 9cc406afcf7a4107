# wrong: epochs counted from 0
# message: count(s)? (the first epoch )?(from|as) 1
def epoch_to_keep(history):
    return int(np.nanargmin(history["val_loss"]))
