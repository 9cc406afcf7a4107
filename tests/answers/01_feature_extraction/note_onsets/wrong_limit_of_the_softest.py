# wrong: ten times the softest frame as the limit, where the gaps are exactly silent that is no limit at all
# message: below the loudest note|hiss|softest|you found|no onset
def note_onsets(y, sr):
    frame = round(0.01 * sr)
    rms = np.sqrt(np.mean(np.reshape(y[: len(y) // frame * frame], (-1, frame)) ** 2, axis=1))
    sounding = np.flatnonzero(rms > 10 * rms.min())
    quiet_before = np.diff(sounding, prepend=-100) >= 10
    return sounding[quiet_before] * frame / sr
