# wrong: hop_length is not handed on
# message: should have shape
def power_db(y, n_fft, hop_length):
    return librosa.power_to_db(np.abs(librosa.stft(y, n_fft=n_fft)) ** 2)
