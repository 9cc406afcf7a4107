def note_onsets(y, sr):
    if not np.any(y):
        return np.zeros(0)
    n = round(sr / 100)
    pieces = librosa.effects.split(y, top_db=40, frame_length=n, hop_length=n)
    onsets = []
    last_end = -sr
    for start, end in pieces:
        if start - last_end >= 0.09 * sr:
            onsets.append(float(start / sr))
        last_end = end
    return sorted(onsets)
