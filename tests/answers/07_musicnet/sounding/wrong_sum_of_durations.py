# wrong: durations of overlapping notes are added up
# message: added up
def sounding(notes, start, stop, min_seconds):
    length = np.clip(notes[:, 1], start, stop) - np.clip(notes[:, 0], start, stop)
    return [int(c) for c in np.unique(notes[:, 2]) if length[notes[:, 2] == c].sum() >= min_seconds]
