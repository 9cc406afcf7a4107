def choose_rate(results):
    finite = {r: h for r, h in results.items() if np.all(np.isfinite(h["val_loss"]))}
    return min(finite, key=lambda r: (min(finite[r]["val_loss"]), r))
