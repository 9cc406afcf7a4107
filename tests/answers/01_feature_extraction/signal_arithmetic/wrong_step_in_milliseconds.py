# wrong: the step between frames in milliseconds
# message: should be in seconds
def signal_arithmetic(n_samples, sr, n_fft, hop_length):
    return {"duration": n_samples / sr, "nyquist": sr / 2, "n_frames": 1 + n_samples // hop_length, "frame_step": 1000 * hop_length / sr, "bin_width": sr / n_fft}
