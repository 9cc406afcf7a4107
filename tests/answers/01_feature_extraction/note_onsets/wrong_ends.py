# wrong: the last sounding frame before each silence is taken for an onset
# message: ends of notes
def note_onsets(y, sr):
    frame = round(0.01 * sr)
    rms = np.sqrt(np.mean(np.reshape(y[: len(y) // frame * frame], (-1, frame)) ** 2, axis=1))
    sounding = np.flatnonzero(rms > 0.01 * rms.max())
    return sounding[np.diff(sounding, append=len(rms) + 100) > 10] * frame / sr
