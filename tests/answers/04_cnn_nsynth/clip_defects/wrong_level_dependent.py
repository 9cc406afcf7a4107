# wrong: soft noise is not called noise
# message: white noise at an RMS of
import librosa


def clip_defects(Y, sr):
    words = []
    for y in Y:
        rms = np.sqrt(np.mean(y.astype(np.float64) ** 2))
        flat = np.median(librosa.feature.spectral_flatness(y=y))
        words.append("silent" if rms < 1e-4 else "noise" if flat > 0.3 and rms > 0.01 else "ok")
    return words
