import math


def note_onsets(y, sr):
    y, frame = y.tolist(), round(sr / 100)
    rms = []
    for start in range(0, len(y) - frame + 1, frame):
        part = y[start : start + frame]
        rms.append(math.sqrt(math.sumprod(part, part) / frame))
    limit = 0.01 * max(rms)
    onsets, quiet = [], 10
    for number, level in enumerate(rms):
        if level > limit:
            if quiet >= 10:
                onsets.append(number * frame / sr)
            quiet = 0
        else:
            quiet += 1
    return onsets
