# wrong: another hop length
# message: shape
def frame_features(y, sr):
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13, hop_length=1024)
    centroid = librosa.feature.spectral_centroid(y=y, sr=sr, hop_length=1024)
    contrast = librosa.feature.spectral_contrast(y=y, sr=sr, hop_length=1024)
    return np.concatenate([mfcc, centroid, contrast]).T
