def sounding(notes, start, stop, min_seconds):
    by_code = {}
    for onset, offset, code in notes.tolist():
        if onset < stop and offset > start:
            by_code.setdefault(int(code), []).append((max(onset, start), min(offset, stop)))
    found = []
    for code, pieces in by_code.items():
        seconds, end = 0.0, start
        for onset, offset in sorted(pieces):
            if offset > end:
                seconds += offset - max(onset, end)
                end = offset
        if seconds >= min_seconds:
            found.append(code)
    return sorted(found)
