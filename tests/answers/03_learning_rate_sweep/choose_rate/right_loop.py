def choose_rate(results):
    best_rate, best_loss = None, float("inf")
    for rate, result in results.items():
        for loss in result["val_loss"]:
            if not np.isfinite(loss):
                continue
            if loss < best_loss or (loss == best_loss and rate < best_rate):
                best_rate, best_loss = rate, loss
    return best_rate
