# wrong: the mean over the frames in place of the median
# message: is the median taken over the frames
import librosa


def clip_defects(Y, sr):
    words = []
    for y in Y:
        rms = np.sqrt(np.mean(y.astype(np.float64) ** 2))
        flat = np.mean(librosa.feature.spectral_flatness(y=y))
        words.append("silent" if rms < 1e-4 else "noise" if flat > 0.3 else "ok")
    return words
