# wrong: frames are not centred (center=False)
# message: frames are missing at both ends
def power_db(y, n_fft, hop_length):
    P = np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop_length, center=False)) ** 2
    return librosa.power_to_db(P)
