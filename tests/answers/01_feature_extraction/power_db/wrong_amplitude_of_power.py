# wrong: amplitude_to_db on a power spectrogram, as in the report
# message: power was taken for an amplitude
def power_db(y, n_fft, hop_length):
    return librosa.amplitude_to_db(np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop_length)) ** 2)
