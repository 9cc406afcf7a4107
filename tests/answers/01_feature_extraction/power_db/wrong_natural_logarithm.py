# wrong: natural logarithm in place of log10... with a factor of 20 on the magnitude
# message: natural logarithm
def power_db(y, n_fft, hop_length):
    P = np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop_length)) ** 2
    L = 10 * np.log(np.maximum(P, 1e-10))
    return np.maximum(L, L.max() - 80)
