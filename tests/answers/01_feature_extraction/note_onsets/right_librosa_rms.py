def note_onsets(y, sr):
    hop = int(0.01 * sr)
    rms = librosa.feature.rms(y=y, frame_length=hop, hop_length=hop, center=False)[0]
    on = np.where(rms > rms.max() / 100)[0]
    keep = [k for j, k in enumerate(on) if j == 0 or k - on[j - 1] > 10]
    return librosa.frames_to_time(np.array(keep, dtype=int), sr=sr, hop_length=hop)
