# wrong: a note that begins with the first sample is not seen
# message: clip that begins with a note
def note_onsets(y, sr):
    frame = round(0.01 * sr)
    rms = np.sqrt(np.mean(np.reshape(y[: len(y) // frame * frame], (-1, frame)) ** 2, axis=1))
    loud = rms > 0.01 * rms.max()
    return [i * frame / sr for i in range(10, len(loud)) if loud[i] and not loud[i - 10 : i].any()]
