# wrong: the spectrum is divided by n_fft
# message: all levels are off
def power_db(y, n_fft, hop_length):
    P = np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop_length) / n_fft) ** 2
    return librosa.power_to_db(P, amin=1e-10 / n_fft**2)
