# wrong: both starts and ends of notes
# message: you found 6
def note_onsets(y, sr):
    frame = round(0.01 * sr)
    rms = np.sqrt(np.mean(np.reshape(y[: len(y) // frame * frame], (-1, frame)) ** 2, axis=1))
    loud = np.concatenate([[0], rms > 0.01 * rms.max(), [0]]).astype(int)
    return np.flatnonzero(np.diff(loud)) * frame / sr
