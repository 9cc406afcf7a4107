def sounding(notes, start, stop, min_seconds):
    total = {}
    for code in set(notes[:, 2]):
        pieces = []
        for a, b, c in sorted(map(tuple, notes)):
            a, b = max(a, start), min(b, stop)
            if c != code or b <= a:
                continue
            if pieces and a <= pieces[-1][1]:
                pieces[-1][1] = max(pieces[-1][1], b)
            else:
                pieces.append([a, b])
        total[int(code)] = sum(b - a for a, b in pieces)
    return sorted(code for code, seconds in total.items() if seconds >= min_seconds)
