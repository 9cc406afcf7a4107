# wrong: the flatness of the magnitudes
# message: is it the flatness of the power
import librosa


def clip_defects(Y, sr):
    words = []
    for y in Y:
        rms = np.sqrt(np.mean(y.astype(np.float64) ** 2))
        flat = np.median(librosa.feature.spectral_flatness(y=y, power=1.0))
        words.append("silent" if rms < 1e-4 else "noise" if flat > 0.3 else "ok")
    return words
