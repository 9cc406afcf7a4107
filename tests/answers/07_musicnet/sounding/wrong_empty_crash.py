# wrong: fails where there are no notes
# message: IndexError
def sounding(notes, start, stop, min_seconds):
    found = []
    last = notes[-1, 1]
    for code in np.unique(notes[:, 2]):
        on, off = np.clip(notes[notes[:, 2] == code][:, :2], start, min(stop, max(last, stop))).T
        ticks = np.unique(np.concatenate([on, off]))
        middle = (ticks[:-1] + ticks[1:]) / 2
        busy = ((on[:, None] < middle) & (middle < off[:, None])).any(axis=0)
        if np.diff(ticks)[busy].sum() >= min_seconds:
            found.append(int(code))
    return found
