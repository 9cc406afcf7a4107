# wrong: b is only lowered by level_db, whatever its own level was
# message: what a and b differed before
def mix_pair(a, b, level_db):
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    total = a + b * 10 ** (-level_db / 20)
    return total / max(np.abs(total).max(), 1e-12) * 0.5
