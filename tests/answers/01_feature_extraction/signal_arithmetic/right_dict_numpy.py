def signal_arithmetic(n_samples, sr, n_fft, hop_length):
    res = dict()
    res["duration"] = np.float64(n_samples) / sr
    res["nyquist"] = 0.5 * sr
    res["n_frames"] = np.floor(n_samples / hop_length) + 1
    res["frame_step"] = 1 / (sr / hop_length)
    res["bin_width"] = np.fft.rfftfreq(n_fft, 1 / sr)[1]
    print(res)
    return res
