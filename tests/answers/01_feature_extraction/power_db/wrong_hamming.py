# wrong: another window
# message: the spectrogram has the right shape, but
def power_db(y, n_fft, hop_length):
    P = np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop_length, window="hamming")) ** 2
    return librosa.power_to_db(P)
