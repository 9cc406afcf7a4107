# wrong: the peak in place of the RMS
# message: is it the RMS that is compared
import librosa


def clip_defects(Y, sr):
    words = []
    for y in Y:
        rms = np.abs(y).max()
        flat = np.median(librosa.feature.spectral_flatness(y=y))
        words.append("silent" if rms < 1e-4 else "noise" if flat > 0.3 else "ok")
    return words
