# wrong: the frame of 10 ms typed in for 22,050 Hz, times computed as if it were 10 ms at any rate
# message: times what they should be
def note_onsets(y, sr):
    frame = 441
    rms = np.sqrt(np.mean(np.reshape(y[: len(y) // 441 * 441], (-1, 441)) ** 2, axis=1))
    sounding = np.flatnonzero(rms > 0.01 * rms.max())
    return sounding[np.diff(sounding, prepend=-100) > 10] * 0.01
