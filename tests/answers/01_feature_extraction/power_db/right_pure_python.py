import cmath
import math


def power_db(y, n_fft, hop_length):
    half = n_fft // 2
    padded = [0.0] * half + [float(v) for v in y] + [0.0] * half
    window = [0.5 - 0.5 * math.cos(2 * math.pi * i / n_fft) for i in range(n_fft)]
    turns = [cmath.exp(-2j * math.pi * i / n_fft) for i in range(n_fft)]
    levels = []
    for start in range(0, len(y) // hop_length * hop_length + 1, hop_length):
        frame = [w * v for w, v in zip(window, padded[start : start + n_fft], strict=True)]
        column = []
        for k in range(half + 1):
            total, place = 0j, 0
            for v in frame:
                total += v * turns[place]
                place = (place + k) % n_fft
            column.append(10 * math.log10(max(abs(total) ** 2, 1e-10)))
        levels.append(column)
    floor = max(map(max, levels)) - 80
    return [[max(column[k], floor) for column in levels] for k in range(half + 1)]
