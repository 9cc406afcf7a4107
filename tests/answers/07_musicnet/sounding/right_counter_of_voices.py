def sounding(notes, start, stop, min_seconds):
    found = []
    for code in np.unique(notes[:, 2]):
        events = []
        for onset, offset, c in notes:
            onset, offset = max(onset, start), min(offset, stop)
            if c == code and onset < offset:
                events += [(onset, 1), (offset, -1)]
        voices, seconds, last = 0, 0.0, start
        for time, step in sorted(events):
            if voices > 0:
                seconds += time - last
            voices, last = voices + step, time
        if seconds >= min_seconds:
            found.append(int(code))
    return found
