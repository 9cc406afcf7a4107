# wrong: the bin times sr, without the number of samples
# message: times what|you found
def note_pitches(y, sr, onsets, fmin, fmax):
    pitches = []
    for start, end in zip(onsets, [*onsets[1:], len(y) / sr]):
        note = y[int((start + 0.1) * sr) : int(end * sr)]
        pitch = librosa.yin(note, fmin=fmin, fmax=fmax, sr=sr)
        level = librosa.feature.rms(y=note)[0]
        k = np.median(pitch[level > 0.3 * level.max()]) * len(note) / sr
        pitches.append(k * sr)
    return np.array(pitches)
