# wrong: unequal clips are cut without a word
# message: unequal length were mixed
def mix_pair(a, b, level_db):
    n = min(len(a), len(b))
    a, b = a[:n], b[:n]
    if a.any() and b.any():
        b = b * np.sqrt(np.mean(a**2)) / np.sqrt(np.mean(b**2)) * 10 ** (-level_db / 20)
    total = a + b
    return total / max(np.abs(total).max(), 1e-12) * 0.5
