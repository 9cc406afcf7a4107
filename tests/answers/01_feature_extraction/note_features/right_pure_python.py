import math


def note_features(y, sr):
    """MFCC from librosa, as the question wants; slopes and statistics are loops."""
    mfcc = librosa.feature.mfcc(y=y, sr=sr).tolist()
    first = [_slopes(row, 1) for row in mfcc]
    second = [_slopes(row, 2) for row in mfcc]
    result = []
    for rows in (mfcc, first, second):
        means = [math.fsum(row) / len(row) for row in rows]
        result += means
        result += [math.sqrt(math.fsum((v - m) ** 2 for v in row) / len(row)) for row, m in zip(rows, means)]
    return result


def _slopes(row, order):
    """First or second derivative of the line or parabola that fits nine neighbours best; the ends are repeated."""
    places = range(-4, 5)
    if order == 1:
        weights = [k / sum(k * k for k in places) for k in places]
    else:
        squares = [k * k - 20 / 3 for k in places]
        weights = [2 * s / sum(t * t for t in squares) for s in squares]
    padded = [row[0]] * 4 + row + [row[-1]] * 4
    return [math.sumprod(weights, padded[i : i + 9]) for i in range(len(row))]
