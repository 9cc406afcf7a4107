# wrong: each rise above the limit counts, without 100 ms of silence
# message: one note with a strong tremolo.*swing
def note_onsets(y, sr):
    frame = round(0.01 * sr)
    rms = np.sqrt(np.mean(np.reshape(y[: len(y) // frame * frame], (-1, frame)) ** 2, axis=1))
    loud = np.concatenate([[False], rms > 0.1 * rms.max()])
    return np.flatnonzero(loud[1:] & ~loud[:-1]) * frame / sr
