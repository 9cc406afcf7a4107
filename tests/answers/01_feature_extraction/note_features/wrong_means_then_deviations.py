# wrong: three blocks of means, then three of deviations
# message: order of the entries
def note_features(y, sr):
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=20)
    d1, d2 = (librosa.feature.delta(mfcc, order=k, mode="nearest") for k in (1, 2))
    return np.concatenate([m.mean(axis=1) for m in (mfcc, d1, d2)] + [m.std(axis=1) for m in (mfcc, d1, d2)])
