# wrong: a code for each note that is long enough
# message: each code once|add up
def sounding(notes, start, stop, min_seconds):
    found = []
    for onset, offset, code in notes:
        if min(offset, stop) - max(onset, start) >= min_seconds:
            found.append(int(code))
    return sorted(found)
