# wrong: labels of the whole recording
# message: labels of the whole recording
def sounding(notes, start, stop, min_seconds):
    return sorted({int(c) for c in notes[:, 2]})
