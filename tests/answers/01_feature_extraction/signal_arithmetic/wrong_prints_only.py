# wrong: prints the numbers and returns nothing
# message: is the `return` missing
def signal_arithmetic(n_samples, sr, n_fft, hop_length):
    print("duration", n_samples / sr, "nyquist", sr / 2, 1 + n_samples // hop_length, hop_length / sr, sr / n_fft)
