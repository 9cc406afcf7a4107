# wrong: the Nyquist frequency taken for the sample rate
# message: sample rate itself
def signal_arithmetic(n_samples, sr, n_fft, hop_length):
    return {"duration": n_samples / sr, "nyquist": sr, "n_frames": 1 + n_samples // hop_length, "frame_step": hop_length / sr, "bin_width": sr / n_fft}
