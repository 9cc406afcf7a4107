def average_by_recording(proba, recording):
    windows = {}
    for row, number in zip(proba.tolist(), recording.tolist()):
        windows.setdefault(number, []).append(row)
    ids = sorted(windows)
    return ids, [[sum(column) / len(column) for column in zip(*windows[number])] for number in ids]
