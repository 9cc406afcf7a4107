import math


def mix_pair(a, b, level_db):
    a, b = a.tolist(), b.tolist()
    if len(a) != len(b):
        raise ValueError("the two clips do not have the same length")

    def rms(y):
        return math.sqrt(sum(v * v for v in y) / len(y))

    gain = 1.0
    if rms(a) and rms(b):
        gain = rms(a) / rms(b) / 10 ** (level_db / 20)
    mixed = [x + gain * y for x, y in zip(a, b)]
    peak = max(max(mixed), -min(mixed))
    return [0.5 * v / peak for v in mixed] if peak else mixed
