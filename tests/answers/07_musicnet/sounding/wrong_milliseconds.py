# wrong: milliseconds against seconds
# message: too short|0.25 s|another unit
def sounding(notes, start, stop, min_seconds):
    found = []
    for code in np.unique(notes[:, 2]):
        on, off = np.clip(notes[notes[:, 2] == code][:, :2], start, stop).T
        ticks = np.unique(np.concatenate([on, off]))
        middle = (ticks[:-1] + ticks[1:]) / 2
        busy = ((on[:, None] < middle) & (middle < off[:, None])).any(axis=0)
        if 1000 * np.diff(ticks)[busy].sum() >= min_seconds:
            found.append(int(code))
    return found
