# wrong: noise is asked before silence
# message: in this order|is it the RMS
import librosa


def clip_defects(Y, sr):
    words = []
    for y in Y:
        rms = np.sqrt(np.mean(y.astype(np.float64) ** 2))
        flat = np.median(librosa.feature.spectral_flatness(y=y))
        words.append("noise" if flat > 0.3 else "silent" if rms < 1e-4 else "ok")
    return words
