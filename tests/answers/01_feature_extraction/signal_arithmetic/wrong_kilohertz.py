# wrong: kHz in place of Hz
# message: should be in Hz
def signal_arithmetic(n_samples, sr, n_fft, hop_length):
    return {"duration": n_samples / sr, "nyquist": sr / 2000, "n_frames": 1 + n_samples // hop_length, "frame_step": hop_length / sr, "bin_width": sr / n_fft}
