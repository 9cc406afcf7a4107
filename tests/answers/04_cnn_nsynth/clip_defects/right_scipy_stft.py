from scipy.signal import stft


def clip_defects(Y, sr):
    words = np.full(len(Y), "ok", dtype="<U6")
    for i, y in enumerate(np.asarray(Y, dtype=np.float64)):
        _, _, Z = stft(y, sr, nperseg=2048, noverlap=2048 - 512)
        P = np.abs(Z) ** 2 + 1e-20
        flatness = np.exp(np.log(P).mean(axis=0)) / P.mean(axis=0)
        if np.median(flatness) > 0.3:
            words[i] = "noise"
        if np.sqrt(np.mean(y**2)) < 1e-4:
            words[i] = "silent"
    return words
