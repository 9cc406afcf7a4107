# wrong: at a tie whatever stands first in the dict
# message: two rates tie
def choose_rate(results):
    def lowest(rate):
        return min([loss for loss in results[rate]["val_loss"] if np.isfinite(loss)], default=np.inf)

    return min(results, key=lowest)
