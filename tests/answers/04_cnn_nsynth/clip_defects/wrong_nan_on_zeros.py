# wrong: silent frames give NaN
# message: are silent frames NaN
import librosa


def clip_defects(Y, sr):
    words = []
    for y in Y:
        rms = np.sqrt(np.mean(y.astype(np.float64) ** 2))
        P = features.power(y)
        flat = np.median(np.exp(np.log(P).mean(axis=0)) / P.mean(axis=0))
        words.append("silent" if rms < 1e-4 else "noise" if flat > 0.3 else "ok")
    return words
