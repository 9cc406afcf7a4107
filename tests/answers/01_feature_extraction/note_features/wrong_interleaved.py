# wrong: mean and deviation of each coefficient side by side
# message: are the 20 means in front
def note_features(y, sr):
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=20)
    d1, d2 = (librosa.feature.delta(mfcc, order=k, mode="nearest") for k in (1, 2))
    return np.stack([f(m, axis=1) for m in (mfcc, d1, d2) for f in (np.mean, np.std)], axis=1).ravel()
