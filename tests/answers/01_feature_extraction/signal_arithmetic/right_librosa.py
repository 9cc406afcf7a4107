def signal_arithmetic(n_samples, sr, n_fft, hop_length):
    centres = range(0, n_samples + 1, hop_length)  # la première trame est centrée sur 0
    return dict(
        duration=librosa.get_duration(y=np.zeros(n_samples), sr=sr),
        nyquist=librosa.fft_frequencies(sr=sr, n_fft=2)[-1],
        n_frames=len(centres),
        frame_step=librosa.frames_to_time(1, sr=sr, hop_length=hop_length),
        bin_width=np.array(sr / n_fft),
        extra="ignored",
    )
