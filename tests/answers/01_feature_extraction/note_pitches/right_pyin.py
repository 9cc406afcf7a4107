def note_pitches(y, sr, onsets, fmin, fmax):
    edges = [int(t * sr) for t in onsets] + [len(y)]
    pitches = []
    for start, stop in zip(edges[:-1], edges[1:]):
        note = y[start + sr // 10 : stop]
        f0, voiced, _ = librosa.pyin(note[: sr // 3], fmin=fmin, fmax=fmax, sr=sr)
        pitches.append(float(np.nanmedian(f0)))
    return pitches
