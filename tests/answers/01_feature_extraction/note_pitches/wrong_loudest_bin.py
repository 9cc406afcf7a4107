# wrong: the loudest bin is taken for the fundamental
# message: octave too high
def note_pitches(y, sr, onsets, fmin, fmax):
    pitches = []
    for start, end in zip(onsets, [*onsets[1:], len(y) / sr]):
        note = y[int((start + 0.1) * sr) : int(end * sr)]
        S = np.abs(np.fft.rfft(note * np.hanning(len(note))))
        freq = np.fft.rfftfreq(len(note), 1 / sr)
        S[(freq < fmin) | (freq > 2.5 * fmax)] = 0
        pitches.append(freq[S.argmax()])
    return np.array(pitches)
