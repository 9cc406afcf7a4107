# wrong: power_to_db on a magnitude
# message: magnitude was taken for a power
def power_db(y, n_fft, hop_length):
    return librosa.power_to_db(np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop_length)))
