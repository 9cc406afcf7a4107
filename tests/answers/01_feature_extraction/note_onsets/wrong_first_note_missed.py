# wrong: the first note is missed: only differences between sounding frames count
# message: first note is missed|you found 2
def note_onsets(y, sr):
    frame = round(0.01 * sr)
    rms = np.sqrt(np.mean(np.reshape(y[: len(y) // frame * frame], (-1, frame)) ** 2, axis=1))
    sounding = np.flatnonzero(rms > 0.01 * rms.max())
    return sounding[1:][np.diff(sounding) > 10] * frame / sr
