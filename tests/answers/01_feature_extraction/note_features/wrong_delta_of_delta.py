# wrong: the second difference as the difference of the difference
# message: second differences has the right shape
def note_features(y, sr):
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=20)
    d1 = librosa.feature.delta(mfcc, mode="nearest")
    d2 = librosa.feature.delta(d1, mode="nearest")
    return np.concatenate([f(m, axis=1) for m in (mfcc, d1, d2) for f in (np.mean, np.std)])
