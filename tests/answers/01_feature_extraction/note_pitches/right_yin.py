def note_pitches(y, sr, onsets, fmin, fmax):
    ends = np.append(onsets[1:], len(y) / sr)
    result = np.zeros(len(onsets))
    for i in range(len(onsets)):
        a, b = int(sr * (onsets[i] + 0.1)), int(sr * ends[i])
        f0 = librosa.yin(y[a:b], fmin=fmin, fmax=fmax, sr=sr, frame_length=2048, hop_length=512)
        rms = librosa.feature.rms(y=y[a:b], frame_length=2048, hop_length=512)[0]
        result[i] = np.median(f0[rms >= 0.5 * rms.max()])
    return result
