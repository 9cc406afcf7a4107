# wrong: only the first three frames are used
# message: block of means has the right shape|nearly the same
def note_features(y, sr):
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=20)[:, :3]
    d1, d2 = (librosa.feature.delta(mfcc, order=k, mode="nearest") for k in (1, 2))
    return np.concatenate([f(m, axis=1) for m in (mfcc, d1, d2) for f in (np.mean, np.std)])
