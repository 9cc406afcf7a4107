import math


def interval_over_seeds(scores):
    """Student's quantile by bisection: the area under its density, by Simpson's rule."""
    n = len(scores)
    mean = math.fsum(scores) / n
    sd = math.sqrt(math.fsum((score - mean) ** 2 for score in scores) / (n - 1))
    low, high = 0.0, 100.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _area(middle, n - 1) < 0.475 else (low, middle)
    return mean, sd, low * sd / math.sqrt(n)


def _area(end, freedom, steps=2000):
    """Area from 0 to `end`, with the angle atan(t / sqrt(freedom)) as the variable: then nothing runs to infinity."""
    scale = math.gamma((freedom + 1) / 2) / (math.gamma(freedom / 2) * math.sqrt(math.pi))
    angle = math.atan(end / math.sqrt(freedom))
    width = angle / steps
    total = sum((1 if i in (0, steps) else 4 if i % 2 else 2) * math.cos(i * width) ** (freedom - 1) for i in range(steps + 1))
    return scale * total * width / 3
