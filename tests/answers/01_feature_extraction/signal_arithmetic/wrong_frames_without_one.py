# wrong: n // hop: the frame centred on sample 0 is forgotten
# message: one too few
def signal_arithmetic(n_samples, sr, n_fft, hop_length):
    return {"duration": n_samples / sr, "nyquist": sr / 2, "n_frames": n_samples // hop_length, "frame_step": hop_length / sr, "bin_width": sr / n_fft}
