import cmath
import math

N, HOP = 2048, 512
HANN = [0.5 - 0.5 * math.cos(2 * math.pi * i / N) for i in range(N)]
TURNS = {}
size = 2
while size <= N:
    TURNS[size] = [cmath.exp(-2j * math.pi * k / size) for k in range(size // 2)]
    size *= 2


def fourier(x):
    n = len(x)
    if n == 2:
        return [x[0] + x[1], x[0] - x[1]]
    even, odd = fourier(x[::2]), [w * o for w, o in zip(TURNS[n], fourier(x[1::2]))]
    return [e + o for e, o in zip(even, odd)] + [e - o for e, o in zip(even, odd)]


def flatness(power):
    power = [max(p, 1e-10) for p in power]
    return math.exp(sum(map(math.log, power)) / len(power)) / (sum(power) / len(power))


def two_flatnesses(one, other):
    # Two frames of real numbers fit into one complex transform.
    z = fourier([complex(a * w, b * w) for a, b, w in zip(one, other, HANN)])
    z.append(z[0])
    half = range(N // 2 + 1)
    first = [abs((z[k] + z[N - k].conjugate()) / 2) ** 2 for k in half]
    second = [abs((z[k] - z[N - k].conjugate()) / 2) ** 2 for k in half]
    return [flatness(first), flatness(second)]


def clip_defects(Y, sr):
    words = []
    for y in Y:
        y = [float(v) for v in y]
        if math.sqrt(sum(v * v for v in y) / len(y)) < 1e-4:
            words.append("silent")
            continue
        frames = [y[a : a + N] for a in range(0, len(y) - N + 1, HOP)]
        if len(frames) % 2:
            frames.append(frames[-1])
        values = []
        for i in range(0, len(frames), 2):
            values += two_flatnesses(frames[i], frames[i + 1])
        values = sorted(values[: 1 + (len(y) - N) // HOP])
        middle = (values[len(values) // 2] + values[(len(values) - 1) // 2]) / 2
        words.append("noise" if middle > 0.3 else "ok")
    return words
