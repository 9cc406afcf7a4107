# wrong: each note for itself: short notes never add up
# message: add up
def sounding(notes, start, stop, min_seconds):
    inside = np.minimum(notes[:, 1], stop) - np.maximum(notes[:, 0], start)
    return sorted({int(c) for c in notes[inside >= min_seconds, 2]})
