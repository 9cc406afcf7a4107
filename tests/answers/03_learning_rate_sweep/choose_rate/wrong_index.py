# wrong: the place of the rate is returned
# message: not one of the rates
def choose_rate(results):
    def lowest(rate):
        return min([loss for loss in results[rate]["val_loss"] if np.isfinite(loss)], default=np.inf)

    rates = sorted(results)
    return int(np.argmin([lowest(r) for r in rates]))
