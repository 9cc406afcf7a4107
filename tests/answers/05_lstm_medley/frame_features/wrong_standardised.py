# wrong: each column scaled within the clip
# message: scaled, or averaged, over the clip|near 3,000
def frame_features(y, sr):
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13)
    centroid = librosa.feature.spectral_centroid(y=y, sr=sr)
    contrast = librosa.feature.spectral_contrast(y=y, sr=sr)
    X = np.concatenate([mfcc, centroid, contrast]).T
    return (X - X.mean(axis=0)) / X.std(axis=0)
