# wrong: the logarithm of zero
# message: silence.*infinite
def power_db(y, n_fft, hop_length):
    P = np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop_length)) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        L = 10 * np.log10(P)
        return np.maximum(L, L.max() - 80)
