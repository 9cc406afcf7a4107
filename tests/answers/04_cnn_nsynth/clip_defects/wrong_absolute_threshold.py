# wrong: the geometric mean alone, not divided by the arithmetic one
# message: is called
import librosa


def clip_defects(Y, sr):
    words = []
    for y in Y:
        rms = np.sqrt(np.mean(y.astype(np.float64) ** 2))
        P = features.power(y)
        flat = np.median(np.exp(np.log(np.maximum(P, 1e-10)).mean(axis=0)))
        words.append("silent" if rms < 1e-4 else "noise" if flat > 0.3 else "ok")
    return words
