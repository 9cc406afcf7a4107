def clip_defects(Y, sr):
    window = np.hanning(2048)
    words = []
    for y in Y:
        starts = range(0, len(y) - 2048 + 1, 512)
        P = np.abs(np.fft.rfft(np.stack([y[s : s + 2048] * window for s in starts]), axis=1)) ** 2
        P = np.maximum(P, 1e-12)
        flat = np.median(np.exp(np.mean(np.log(P), axis=1)) / np.mean(P, axis=1))
        level = np.linalg.norm(y.astype(float)) / np.sqrt(len(y))
        words.append("silent" if level < 1e-4 else "noise" if flat > 0.3 else "ok")
    return words
