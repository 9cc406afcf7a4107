def mix_pair(a, b, level_db):
    if len(a) != len(b):
        raise ValueError("clips of unequal length")
    size_a, size_b = np.linalg.norm(a.astype(np.float64)), np.linalg.norm(b.astype(np.float64))
    if size_a and size_b:
        ratio = 10.0 ** (level_db / 20.0)
        b = b * (size_a / (size_b * ratio))
    result = np.add(a, b, dtype=np.float64)
    top = np.abs(result).max()
    if top > 0:
        result = result * 0.5 / top
    return result
