# wrong: chosen by the training loss
# message: not the rate with the lowest validation|reached a lower validation
def choose_rate(results):
    def lowest(rate):
        return min([loss for loss in results[rate]["loss"] if np.isfinite(loss)], default=np.inf)

    return min(sorted(results), key=lowest)
