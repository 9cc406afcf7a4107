# wrong: the larger rate at a tie
# message: two rates tie
def choose_rate(results):
    def lowest(rate):
        return min([loss for loss in results[rate]["val_loss"] if np.isfinite(loss)], default=np.inf)

    return min(sorted(results, reverse=True), key=lowest)
