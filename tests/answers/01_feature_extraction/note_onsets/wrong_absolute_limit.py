# wrong: a fixed limit, whatever the loudness of the recording
# message: fixed level|no onset|you found
def note_onsets(y, sr):
    frame = round(0.01 * sr)
    rms = np.sqrt(np.mean(np.reshape(y[: len(y) // frame * frame], (-1, frame)) ** 2, axis=1))
    sounding = np.flatnonzero(rms > 0.02)
    quiet_before = np.diff(sounding, prepend=-100) > 10
    return sounding[quiet_before] * frame / sr
