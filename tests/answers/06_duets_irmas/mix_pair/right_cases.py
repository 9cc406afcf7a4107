def mix_pair(a, b, level_db):
    n = len(a)
    if n != len(b):
        raise ValueError("unequal lengths: {} and {}".format(n, len(b)))
    if not a.any() and not b.any():
        return np.zeros_like(a)
    if not a.any():
        mixture = b.copy()
    elif not b.any():
        mixture = a.copy()
    else:
        power_a, power_b = np.mean(a.astype(float) ** 2), np.mean(b.astype(float) ** 2)
        gain = np.sqrt(power_a / power_b / 10 ** (level_db / 10))
        mixture = a + gain * b
    return np.float32(mixture / abs(mixture).max() * 0.5)
