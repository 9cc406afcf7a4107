def clip_defects(Y, sr):
    Y = np.asarray(Y, dtype=np.float32)
    rms = np.sqrt((Y.astype(np.float64) ** 2).mean(axis=1))
    flatness = np.array([np.median(features.frames(y, sr, ("flatness",))["flatness"]) for y in Y])
    return np.select([rms < 1e-4, flatness > 0.3], ["silent", "noise"], default="ok")
