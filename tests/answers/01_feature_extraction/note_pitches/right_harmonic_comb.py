def note_pitches(y, sr, onsets, fmin, fmax):
    """The candidate whose first six harmonics carry most, each counted by the root of its magnitude."""
    candidates = fmin * 2 ** (np.arange(0, 1200 * np.log2(fmax / fmin), 5) / 1200)
    out = []
    for i, t in enumerate(onsets):
        end = onsets[i + 1] if i + 1 < len(onsets) else len(y) / sr
        note = y[int((t + 0.1) * sr) : int(end * sr)]
        note = np.trim_zeros(np.where(np.abs(note) > 1e-3 * np.abs(note).max(), note, 0))
        n = 8 * 2 ** int(np.ceil(np.log2(len(note))))
        S = np.abs(np.fft.rfft(note * np.hanning(len(note)), n)) ** 0.5
        freq = np.arange(len(S)) * sr / n
        score = sum(0.84**k * np.interp(k * candidates, freq, S, right=0) for k in range(1, 7))
        out.append(candidates[np.argmax(score)])
    return np.array(out)
