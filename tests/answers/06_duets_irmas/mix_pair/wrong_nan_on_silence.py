# wrong: divides by the RMS of a silent clip
# message: NaN or infinite
def mix_pair(a, b, level_db):
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    b = b * (np.sqrt(np.mean(a**2)) / np.sqrt(np.mean(b**2)) * 10 ** (-level_db / 20))
    total = a + b
    return total / np.abs(total).max() * 0.5
