# wrong: the sum is clipped at 0.5
# message: should be 0.5|were its peaks clipped
def mix_pair(a, b, level_db):
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    if a.any() and b.any():
        b = b * np.sqrt(np.mean(a**2)) / np.sqrt(np.mean(b**2)) * 10 ** (-level_db / 20)
    total = a + b
    return np.clip(total / max(np.abs(total).max(), 1e-12), -0.5, 0.5)
