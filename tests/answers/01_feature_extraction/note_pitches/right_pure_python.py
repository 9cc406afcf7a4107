import math


def note_pitches(y, sr, onsets, fmin, fmax):
    """The autocorrelation of some frames of each note, low frequencies taken out, in plain Python."""
    y, onsets = [float(v) for v in y], [float(t) for t in onsets]
    pitches = []
    for start, end in zip(onsets, [*onsets[1:], len(y) / sr], strict=True):
        note = y[int((start + 0.1) * sr) : int(end * sr)]
        size = int(4 * sr / fmin)
        starts = range(0, max(1, len(note) - size + 1), max(1, size // 2))
        frames = [note[s : s + size] for s in starts]
        loudest = max(math.sumprod(f, f) for f in frames)
        frames = [f for f in frames if math.sumprod(f, f) > 0.2 * loudest]
        found = sorted(_pitch(f, sr, fmin, fmax) for f in frames[:: max(1, len(frames) // 5)])
        pitches.append(found[len(found) // 2])
    return pitches


def _pitch(frame, sr, fmin, fmax):
    """The smallest difference between a stretch and itself, shifted, as in YIN."""
    shortest, longest = max(2, int(sr / fmax) - 1), min(len(frame) // 2, int(sr / fmin) + 2)
    n = len(frame) - longest
    energy = math.sumprod(frame[:n], frame[:n])
    difference, total = {0: 1.0}, 0.0
    moving = energy
    for lag in range(1, longest + 1):
        moving += frame[n + lag - 1] ** 2 - frame[lag - 1] ** 2
        value = max(0.0, energy + moving - 2 * math.sumprod(frame[:n], frame[lag : lag + n]))
        total += value
        difference[lag] = value * lag / total if total > 0 else 1.0
    lags = range(shortest, longest)
    lowest = min(difference[lag] for lag in lags)
    best = next(lag for lag in lags if difference[lag] <= max(0.1, lowest) and difference[lag] <= difference[lag + 1])
    a, b, c = difference[best - 1], difference[best], difference[best + 1]
    bend = a - 2 * b + c
    return sr / (best + (0.5 * (a - c) / bend if bend > 0 else 0.0))
