def note_pitches(y, sr, onsets, fmin, fmax):
    found = []
    ends = list(onsets[1:]) + [len(y) / sr]
    for start, end in zip(onsets, ends):
        x = np.asarray(y[int((start + 0.1) * sr) : int(end * sr)], dtype=float)
        x = x[np.convolve(np.abs(x), np.ones(200) / 200, mode="same") > 0.02 * np.abs(x).max()]
        x = x[: 2**14]
        r = np.fft.irfft(np.abs(np.fft.rfft(x, 2 * len(x))) ** 2)[: len(x)]
        r = r / np.arange(len(x), 0, -1)
        low, high = int(sr / fmax), int(np.ceil(sr / fmin))
        lags = np.arange(max(low, 1), high + 1)
        peaks = [k for k in lags if r[k] >= r[k - 1] and r[k] >= r[k + 1]]
        best = max(r[k] for k in peaks)
        k = next(k for k in peaks if r[k] > 0.9 * best)
        shift = 0.5 * (r[k - 1] - r[k + 1]) / (r[k - 1] - 2 * r[k] + r[k + 1])
        found.append(sr / (k + shift))
    return found
