# wrong: each frame has a floor of its own
# message: a clip with a pause|from the floor
def power_db(y, n_fft, hop_length):
    P = np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop_length)) ** 2
    L = 10 * np.log10(np.maximum(P, 1e-10))
    return np.maximum(L, L.max(axis=0) - 80)
