# wrong: padded or cut to 129 frames
# message: samples at
def frame_features(y, sr):
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13)
    centroid = librosa.feature.spectral_centroid(y=y, sr=sr)
    contrast = librosa.feature.spectral_contrast(y=y, sr=sr)
    X = np.concatenate([mfcc, centroid, contrast]).T
    return np.pad(X, ((0, 129), (0, 0)))[:129]
