# wrong: peaks are compared, not RMS
# message: the peaks differ by level_db
def mix_pair(a, b, level_db):
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    if a.any() and b.any():
        b = b * np.abs(a).max() / np.abs(b).max() * 10 ** (-level_db / 20)
    total = a + b
    return total / max(np.abs(total).max(), 1e-12) * 0.5
