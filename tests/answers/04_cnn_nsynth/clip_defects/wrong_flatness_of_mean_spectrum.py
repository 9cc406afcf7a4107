# wrong: the flatness of the mean spectrum
# message: gliding tone is not noise
import librosa


def clip_defects(Y, sr):
    words = []
    for y in Y:
        rms = np.sqrt(np.mean(y.astype(np.float64) ** 2))
        P = np.maximum(features.power(y).mean(axis=1), 1e-10)
        flat = np.exp(np.log(P).mean()) / P.mean()
        words.append("silent" if rms < 1e-4 else "noise" if flat > 0.3 else "ok")
    return words
