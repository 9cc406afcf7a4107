# wrong: chosen by the last epoch
# message: was only one epoch looked at|reached a lower validation loss in one of its epochs
def choose_rate(results):
    finite = [r for r in sorted(results) if np.isfinite(results[r]["val_loss"][-1])]
    return min(finite, key=lambda r: results[r]["val_loss"][-1])
