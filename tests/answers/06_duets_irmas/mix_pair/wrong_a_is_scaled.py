# wrong: the sum has an RMS, not a peak, of 0.5
# message: largest absolute value of the mixture should be 0.5
def mix_pair(a, b, level_db):
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    if a.any() and b.any():
        b = b * np.sqrt(np.mean(a**2)) / np.sqrt(np.mean(b**2)) * 10 ** (-level_db / 20)
    total = a + b
    return total / max(np.sqrt(np.mean(total**2)), 1e-12) * 0.5
