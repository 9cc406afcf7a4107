# wrong: frames of 10 ms converted with a hop of 512
# message: times what they should be|frames or samples
def note_onsets(y, sr):
    frame = round(0.01 * sr)
    rms = np.sqrt(np.mean(np.reshape(y[: len(y) // frame * frame], (-1, frame)) ** 2, axis=1))
    sounding = np.flatnonzero(rms > 0.01 * rms.max())
    return librosa.frames_to_time(sounding[np.diff(sounding, prepend=-100) > 10], sr=sr, hop_length=512)
