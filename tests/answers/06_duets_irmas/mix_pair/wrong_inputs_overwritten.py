# wrong: in-place operations change the clips
# message: a or b was changed|read-only
def mix_pair(a, b, level_db):
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    if a.any() and b.any():
        b *= np.float32(np.sqrt(np.mean(a**2)) / np.sqrt(np.mean(b**2)) * 10 ** (-level_db / 20))
    total = a + b
    return total / max(np.abs(total).max(), 1e-12) * 0.5
