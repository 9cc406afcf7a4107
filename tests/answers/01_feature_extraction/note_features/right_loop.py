def note_features(y, sr):
    M = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=20)
    parts = []
    for m in [M, librosa.feature.delta(M, mode="nearest"), librosa.feature.delta(M, order=2, mode="nearest")]:
        parts.extend(np.mean(m, axis=1))
        parts.extend(np.std(m, axis=1))
    return parts
