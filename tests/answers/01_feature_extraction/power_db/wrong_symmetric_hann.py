# wrong: the symmetric Hann window of numpy in place of the periodic one
# message: the spectrogram has the right shape, but
def power_db(y, n_fft, hop_length):
    P = np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop_length, window=np.hanning(n_fft))) ** 2
    return librosa.power_to_db(P)
