# wrong: the loss is returned in place of the rate
# message: not one of the rates
def choose_rate(results):
    def lowest(rate):
        return min([loss for loss in results[rate]["val_loss"] if np.isfinite(loss)], default=np.inf)

    return min(lowest(r) for r in results)
