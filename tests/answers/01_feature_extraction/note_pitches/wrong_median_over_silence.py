# wrong: the median over all frames, silent ones included
# message: silence follows each note
def note_pitches(y, sr, onsets, fmin, fmax):
    pitches = []
    for start, end in zip(onsets, [*onsets[1:], len(y) / sr]):
        note = y[int((start + 0.1) * sr) : int(end * sr)]
        pitches.append(np.median(librosa.yin(note, fmin=fmin, fmax=fmax, sr=sr)))
    return np.array(pitches)
