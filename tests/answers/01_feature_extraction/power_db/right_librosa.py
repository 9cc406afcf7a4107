def power_db(y, n_fft, hop_length):
    S = librosa.stft(y, n_fft=n_fft, hop_length=hop_length, window="hann", center=True, pad_mode="constant")
    return librosa.power_to_db(abs(S) ** 2)
