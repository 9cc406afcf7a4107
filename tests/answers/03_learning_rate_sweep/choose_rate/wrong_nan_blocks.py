# wrong: min() with NaN in first place keeps it
# message: NaN or infinite
def choose_rate(results):
    best = list(results)[0]
    for rate in results:
        low, kept = min(results[rate]["val_loss"]), min(results[best]["val_loss"])
        if low < kept or (low == kept and rate < best):
            best = rate
    return best
