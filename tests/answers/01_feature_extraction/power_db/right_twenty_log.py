import scipy.signal


def power_db(y, n_fft, hop_length):
    padded = np.pad(y, n_fft // 2)
    pieces = np.lib.stride_tricks.sliding_window_view(padded, n_fft)[::hop_length]
    magnitude = np.abs(np.fft.rfft(pieces * scipy.signal.get_window("hann", n_fft), axis=-1)).T
    level = 20 * np.log10(np.clip(magnitude, 1e-5, None))
    return np.clip(level, level.max() - 80, None)
