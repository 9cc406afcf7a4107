# wrong: sr is not handed on to librosa.yin, which then assumes 22,050 Hz
# message: times what|octave
def note_pitches(y, sr, onsets, fmin, fmax):
    y = librosa.resample(y, orig_sr=sr, target_sr=11025)
    pitches = []
    for start, end in zip(onsets, [*onsets[1:], len(y) / 11025]):
        note = y[int((start + 0.1) * 11025) : int(end * 11025)]
        pitch = librosa.yin(note, fmin=fmin, fmax=fmax)
        level = librosa.feature.rms(y=note)[0]
        pitches.append(np.median(pitch[level > 0.3 * level.max()]))
    return np.array(pitches)
