# wrong: durations are not cut at the window
# message: only what is inside the window
def sounding(notes, start, stop, min_seconds):
    found = []
    for code in np.unique(notes[:, 2]):
        own = notes[(notes[:, 2] == code) & (notes[:, 1] > start) & (notes[:, 0] < stop)]
        seconds, reached = 0.0, -1e9
        for onset, offset, _ in sorted(map(tuple, own)):
            seconds += max(0.0, offset - max(onset, reached))
            reached = max(reached, offset)
        if seconds >= min_seconds:
            found.append(int(code))
    return found
