# wrong: delta in its default mode, which refuses notes of fewer than nine frames
# message: short-note: ParameterError
def note_features(y, sr):
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=20)
    first = librosa.feature.delta(mfcc, width=9, order=1, mode="interp")
    second = librosa.feature.delta(mfcc, width=9, order=2, mode="interp")
    return np.concatenate([part for m in (mfcc, first, second) for part in (m.mean(axis=1), m.std(axis=1))])
