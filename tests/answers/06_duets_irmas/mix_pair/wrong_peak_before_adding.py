# wrong: a and b are brought to a peak of 0.5, the sum is not
# message: largest absolute value of the mixture should be 0.5
def mix_pair(a, b, level_db):
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    a = 0.5 * a / max(np.abs(a).max(), 1e-12)
    if a.any() and b.any():
        b = b * np.sqrt(np.mean(a**2)) / np.sqrt(np.mean(b**2)) * 10 ** (-level_db / 20)
    return a + b
