def choose_rate(results):
    lows = []
    rates = sorted(results.keys())
    for rate in rates:
        v = np.array(results[rate]["val_loss"], dtype=float)
        v[~np.isfinite(v)] = 1e9
        lows.append(v.min())
    return rates[int(np.argmin(lows))]
