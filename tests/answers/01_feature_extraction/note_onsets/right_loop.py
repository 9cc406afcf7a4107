def note_onsets(y, sr):
    step = int(0.01 * sr)
    rms = [np.sqrt(np.mean(y[i : i + step] ** 2)) for i in range(0, len(y) - step + 1, step)]
    limit = 0.01 * max(rms)
    onsets, quiet = [], 10
    for i, level in enumerate(rms):
        if level > limit:
            if quiet >= 10:
                onsets.append(i * step / sr)
            quiet = 0
        else:
            quiet += 1
    return onsets
