import math


def load_mono(path, sr):
    """Only the decoding is left to a library; mean, filter and resampling are loops."""
    frames, rate = soundfile.read(path, always_2d=True)
    x = [sum(frame) / len(frame) for frame in frames.tolist()]
    if rate == sr:
        return np.array(x)
    divisor = math.gcd(rate, sr)
    up, down = sr // divisor, rate // divisor
    cutoff = 0.92 * min(1.0, sr / rate)  # of the old Nyquist
    half = math.ceil(16 / min(1.0, sr / rate))  # input samples on each side
    filters = []
    for phase in range(up):  # one filter for each place of a new sample between two old ones
        taps = []
        for k in range(-half + 1, half + 1):
            t = k - phase / up
            sinc = cutoff if t == 0 else math.sin(math.pi * cutoff * t) / (math.pi * t)
            taps.append(sinc * math.cos(math.pi * t / (2 * half + 1)) ** 2)
        total = sum(taps)
        filters.append([tap / total for tap in taps])
    padded = [0.0] * (half - 1) + x + [0.0] * (half + 1)
    n = math.ceil(len(x) * up / down)
    y = []
    for i in range(n):
        place, phase = divmod(i * down, up)
        y.append(math.sumprod(filters[phase], padded[place : place + 2 * half]))
    return np.array(y)
