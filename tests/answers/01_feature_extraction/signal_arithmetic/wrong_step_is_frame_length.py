# wrong: the length of a frame taken for the step between frames
# message: length of a frame
def signal_arithmetic(n_samples, sr, n_fft, hop_length):
    return {"duration": n_samples / sr, "nyquist": sr / 2, "n_frames": 1 + n_samples // hop_length, "frame_step": n_fft / sr, "bin_width": sr / n_fft}
