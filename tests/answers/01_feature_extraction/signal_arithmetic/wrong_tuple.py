# wrong: a tuple in place of a dict
# message: should be a dict
def signal_arithmetic(n_samples, sr, n_fft, hop_length):
    return n_samples / sr, sr / 2, 1 + n_samples // hop_length, hop_length / sr, sr / n_fft
