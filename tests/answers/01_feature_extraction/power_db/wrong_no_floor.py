# wrong: the floor is left out
# message: from the floor to the maximum
def power_db(y, n_fft, hop_length):
    P = np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop_length)) ** 2
    return 10 * np.log10(np.maximum(P, 1e-10))
