# wrong: names of notes in place of Hz
# message: should hold numbers
def note_pitches(y, sr, onsets, fmin, fmax):
    pitches = []
    for start, end in zip(onsets, [*onsets[1:], len(y) / sr]):
        note = y[int((start + 0.1) * sr) : int(end * sr)]
        pitch = librosa.yin(note, fmin=fmin, fmax=fmax, sr=sr)
        level = librosa.feature.rms(y=note)[0]
        pitches.append(librosa.hz_to_note(np.median(pitch[level > 0.3 * level.max()])))
    return np.array(pitches)
