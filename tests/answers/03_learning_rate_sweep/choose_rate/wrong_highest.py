# wrong: the highest validation loss
# message: reached a lower validation loss|lowest validation loss
def choose_rate(results):
    def lowest(rate):
        return min([loss for loss in results[rate]["val_loss"] if np.isfinite(loss)], default=np.inf)

    return max(sorted(results), key=lowest)
