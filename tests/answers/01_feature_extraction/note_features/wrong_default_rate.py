# wrong: sr is not handed on
# message: block of means has the right shape, but
def note_features(y, sr):
    mfcc = librosa.feature.mfcc(y=y, sr=22050, n_mfcc=20)
    first = librosa.feature.delta(mfcc, width=9, order=1, mode="nearest")
    second = librosa.feature.delta(mfcc, width=9, order=2, mode="nearest")
    return np.concatenate([part for m in (mfcc, first, second) for part in (m.mean(axis=1), m.std(axis=1))])
