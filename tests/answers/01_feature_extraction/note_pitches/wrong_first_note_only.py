# wrong: only the first note is measured
# message: should have shape
def note_pitches(y, sr, onsets, fmin, fmax):
    note = y[int((onsets[0] + 0.1) * sr) :]
    pitch = librosa.yin(note, fmin=fmin, fmax=fmax, sr=sr)
    level = librosa.feature.rms(y=note)[0]
    return np.array([np.median(pitch[level > 0.3 * level.max()])])
