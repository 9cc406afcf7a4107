# wrong: codes in the order in which they were met
# message: should be sorted
def sounding(notes, start, stop, min_seconds):
    seconds = {}
    for onset, offset, code in sorted(map(tuple, notes), key=lambda n: (n[2] != 43, n[0])):
        done, reached = seconds.get(int(code), (0.0, start))
        a, b = max(onset, reached), min(offset, stop)
        seconds[int(code)] = (done + max(0.0, b - a), max(reached, b))
    return [code for code, (total, _) in seconds.items() if total >= min_seconds]
