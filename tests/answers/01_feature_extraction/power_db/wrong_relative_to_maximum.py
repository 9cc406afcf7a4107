# wrong: levels relative to the maximum (ref=np.max)
# message: ref=np.max
def power_db(y, n_fft, hop_length):
    P = np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop_length)) ** 2
    return librosa.power_to_db(P, ref=np.max)
