def signal_arithmetic(n_samples, sr, n_fft, hop_length):
    n_frames, centre = 0, 0
    while centre <= n_samples:
        n_frames += 1
        centre += hop_length
    return dict(
        duration=n_samples / sr, nyquist=0.5 * sr, n_frames=n_frames, frame_step=hop_length / sr, bin_width=sr / n_fft
    )
