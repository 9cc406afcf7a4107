# wrong: the logarithm is taken twice
# message: logarithm taken twice|NaN
def note_features(y, sr):
    level = librosa.power_to_db(librosa.feature.melspectrogram(y=y, sr=sr))
    mfcc = librosa.feature.mfcc(S=librosa.power_to_db(level), n_mfcc=20)
    d1, d2 = (librosa.feature.delta(mfcc, order=k, mode="nearest") for k in (1, 2))
    return np.concatenate([f(m, axis=1) for m in (mfcc, d1, d2) for f in (np.mean, np.std)])
