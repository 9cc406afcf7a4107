def note_onsets(y, sr):
    n = int(round(sr / 100))
    frames = librosa.util.frame(np.asarray(y), frame_length=n, hop_length=n, axis=0)
    rms = np.sqrt((frames**2).mean(axis=1))
    if rms.max() == 0:
        return np.array([])
    db = 20 * np.log10(np.maximum(rms / rms.max(), 1e-12))
    loud = np.concatenate([np.zeros(10, dtype=bool), db > -40])
    starts = [i for i in range(10, len(loud)) if loud[i] and not loud[i - 10 : i].any()]
    return (np.array(starts) - 10) * n / sr
