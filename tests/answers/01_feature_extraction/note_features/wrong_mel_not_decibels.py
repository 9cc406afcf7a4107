# wrong: MFCC of the mel spectrogram itself, without the logarithm
# message: first mean|logarithm
def note_features(y, sr):
    mfcc = librosa.feature.mfcc(S=librosa.feature.melspectrogram(y=y, sr=sr), n_mfcc=20)
    d1, d2 = (librosa.feature.delta(mfcc, order=k, mode="nearest") for k in (1, 2))
    return np.concatenate([f(m, axis=1) for m in (mfcc, d1, d2) for f in (np.mean, np.std)])
