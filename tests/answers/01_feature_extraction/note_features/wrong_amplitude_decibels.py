# wrong: amplitude_to_db on the mel power spectrogram, as in the report
# message: logarithm taken twice, or of a magnitude
def note_features(y, sr):
    level = librosa.amplitude_to_db(librosa.feature.melspectrogram(y=y, sr=sr))
    mfcc = librosa.feature.mfcc(S=level, n_mfcc=20)
    d1, d2 = (librosa.feature.delta(mfcc, order=k, mode="nearest") for k in (1, 2))
    return np.concatenate([f(m, axis=1) for m in (mfcc, d1, d2) for f in (np.mean, np.std)])
