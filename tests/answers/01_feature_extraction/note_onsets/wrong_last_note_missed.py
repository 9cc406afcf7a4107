# wrong: the last note is missed: its onset is dropped with the end of the list
# message: last note is missed|you found 2
def note_onsets(y, sr):
    frame = round(0.01 * sr)
    rms = np.sqrt(np.mean(np.reshape(y[: len(y) // frame * frame], (-1, frame)) ** 2, axis=1))
    sounding = np.flatnonzero(rms > 0.01 * rms.max())
    quiet_before = np.diff(sounding, prepend=-100) > 10
    return (sounding[quiet_before] * frame / sr)[:-1]
