import scipy.fft
import scipy.signal


def note_features(y, sr):
    power = np.abs(librosa.stft(y, n_fft=2048, hop_length=512)) ** 2
    mel = librosa.filters.mel(sr=sr, n_fft=2048, n_mels=128) @ power
    level = 10 * np.log10(np.maximum(mel, 1e-10))
    level = np.maximum(level, level.max() - 80)
    c = scipy.fft.dct(level, axis=0, norm="ortho")[:20]
    d = [scipy.signal.savgol_filter(c, 9, polyorder=k, deriv=k, mode="nearest", axis=-1) for k in (1, 2)]
    return np.array([f(x, axis=-1) for x in (c, *d) for f in (np.mean, np.std)]).ravel()
