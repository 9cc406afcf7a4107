# wrong: the bin is converted with sr / (number of bins kept)
# message: wrong width
def note_pitches(y, sr, onsets, fmin, fmax):
    pitches = []
    for start, end in zip(onsets, [*onsets[1:], len(y) / sr]):
        note = y[int((start + 0.1) * sr) : int(end * sr)]
        pitch = librosa.yin(note, fmin=fmin, fmax=fmax, sr=sr)
        level = librosa.feature.rms(y=note)[0]
        f = np.median(pitch[level > 0.3 * level.max()])
        n_bins = 1025
        k = f * 2048 / sr
        pitches.append(k * sr / n_bins * (2048 / 2048))
    return np.array(pitches)
