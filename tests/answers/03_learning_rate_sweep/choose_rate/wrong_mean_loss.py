# wrong: mean over the epochs in place of the lowest
# message: was only one epoch looked at|not the rate|not the one of lowest
def choose_rate(results):
    finite = [r for r in sorted(results) if np.isfinite(results[r]["val_loss"]).all()]
    return min(finite, key=lambda r: np.mean(results[r]["val_loss"]))
