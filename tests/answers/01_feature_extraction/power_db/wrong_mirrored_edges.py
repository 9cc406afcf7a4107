# wrong: the clip is mirrored at its ends, not continued with zeros
# message: first and last frame
def power_db(y, n_fft, hop_length):
    P = np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop_length, pad_mode="reflect")) ** 2
    return librosa.power_to_db(P)
