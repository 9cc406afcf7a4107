# wrong: other words than those asked for
# message: the words are ok, silent and noise
import librosa


def clip_defects(Y, sr):
    words = []
    for y in Y:
        rms = np.sqrt(np.mean(y.astype(np.float64) ** 2))
        flat = np.median(librosa.feature.spectral_flatness(y=y))
        words.append("silent" if rms < 1e-4 else "noisy" if flat > 0.3 else "ok")
    return words
