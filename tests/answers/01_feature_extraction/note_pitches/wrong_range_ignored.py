# wrong: fmin and fmax are ignored: always C2 to C7
# message: low drone
def note_pitches(y, sr, onsets, fmin, fmax):
    pitches = []
    for start, end in zip(onsets, [*onsets[1:], len(y) / sr]):
        note = y[int((start + 0.1) * sr) : int(end * sr)]
        pitch = librosa.yin(note, fmin=librosa.note_to_hz("C2"), fmax=librosa.note_to_hz("C7"), sr=sr)
        level = librosa.feature.rms(y=note)[0]
        pitches.append(np.median(pitch[level > 0.3 * level.max()]))
    return np.array(pitches)
