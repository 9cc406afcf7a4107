# wrong: the mean of both, not scaled to a peak
# message: largest absolute value of the mixture should be 0.5
def mix_pair(a, b, level_db):
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    if a.any() and b.any():
        b = b * np.sqrt(np.mean(a**2)) / np.sqrt(np.mean(b**2)) * 10 ** (-level_db / 20)
    return (a + b) / 2
