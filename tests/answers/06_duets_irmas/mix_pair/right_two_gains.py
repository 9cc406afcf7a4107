def mix_pair(a, b, level_db):
    if a.shape != b.shape:
        raise ValueError("a and b must have the same length")

    def unit(y):
        rms = np.sqrt(np.mean(y.astype(np.float64) ** 2))
        return y / rms if rms > 0 else y

    total = unit(a) + unit(b) * 10 ** (-level_db / 20)
    peak = np.max(np.abs(total))
    return np.zeros(len(a), dtype=np.float32) if peak == 0 else (0.5 * total / peak).astype(np.float32)
