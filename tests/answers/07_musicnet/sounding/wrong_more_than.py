# wrong: more than, instead of at least
# message: at least
def sounding(notes, start, stop, min_seconds):
    found = []
    for code in np.unique(notes[:, 2]):
        on, off = np.clip(notes[notes[:, 2] == code][:, :2], start, stop).T
        ticks = np.unique(np.concatenate([on, off]))
        middle = (ticks[:-1] + ticks[1:]) / 2
        busy = ((on[:, None] < middle) & (middle < off[:, None])).any(axis=0)
        if np.diff(ticks)[busy].sum() > min_seconds:
            found.append(int(code))
    return found
