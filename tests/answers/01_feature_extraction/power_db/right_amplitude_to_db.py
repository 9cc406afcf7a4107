def power_db(y, n_fft, hop_length):
    magnitude = np.abs(librosa.stft(np.asarray(y), n_fft=n_fft, hop_length=hop_length))
    return librosa.amplitude_to_db(magnitude, ref=1.0, amin=1e-5, top_db=80.0)
