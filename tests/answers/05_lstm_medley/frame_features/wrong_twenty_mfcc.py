# wrong: 20 MFCC in place of 13
# message: shape \(129, 21\)
def frame_features(y, sr):
    mfcc = librosa.feature.mfcc(y=y, sr=sr)
    centroid = librosa.feature.spectral_centroid(y=y, sr=sr)
    contrast = librosa.feature.spectral_contrast(y=y, sr=sr)
    return np.concatenate([mfcc, centroid, contrast]).T
