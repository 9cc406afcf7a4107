# wrong: arguments by position, as librosa took them before version 0.10
# message: write `librosa\.feature\.mfcc\(y=y, sr=sr, n_mfcc=20\)`
def note_features(y, sr):
    mfcc = librosa.feature.mfcc(y, sr, n_mfcc=20)
    parts = [mfcc] + [librosa.feature.delta(mfcc, order=n, mode="nearest") for n in (1, 2)]
    return np.concatenate([part for m in parts for part in (m.mean(axis=1), m.std(axis=1))])
