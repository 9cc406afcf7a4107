# wrong: the number of hops rounded up
# message: n_frames" has the right form but not the right value|one too few
def signal_arithmetic(n_samples, sr, n_fft, hop_length):
    return {"duration": n_samples / sr, "nyquist": sr / 2, "n_frames": int(np.ceil(n_samples / hop_length)), "frame_step": hop_length / sr, "bin_width": sr / n_fft}
