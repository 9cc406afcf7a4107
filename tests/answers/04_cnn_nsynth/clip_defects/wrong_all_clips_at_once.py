# wrong: the RMS of all clips together
# message: depends on the clips around it|in this order
import librosa


def clip_defects(Y, sr):
    words = []
    for y in Y:
        rms = np.sqrt(np.mean(Y.astype(np.float64) ** 2))
        flat = np.median(librosa.feature.spectral_flatness(y=y))
        words.append("silent" if rms < 1e-4 else "noise" if flat > 0.3 else "ok")
    return words
