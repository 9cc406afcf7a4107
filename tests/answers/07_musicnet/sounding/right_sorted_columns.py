def sounding(notes, start, stop, min_seconds):
    notes = np.asarray(notes, dtype=float).reshape(-1, 3)
    inside = notes[(notes[:, 0] < stop) & (notes[:, 1] > start)]
    result = []
    for code in sorted({int(c) for c in inside[:, 2]}):
        own = inside[inside[:, 2] == code]
        onset = np.sort(np.maximum(own[:, 0], start))
        offset = np.sort(np.minimum(own[:, 1], stop))
        before = np.concatenate([[start], offset[:-1]])
        if np.clip(offset - np.maximum(onset, before), 0, None).sum() >= min_seconds:
            result.append(code)
    return np.array(result, dtype=int)
