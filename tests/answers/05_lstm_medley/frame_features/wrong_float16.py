# wrong: 16-bit floats
# message: too few digits
def frame_features(y, sr):
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13)
    centroid = librosa.feature.spectral_centroid(y=y, sr=sr)
    contrast = librosa.feature.spectral_contrast(y=y, sr=sr)
    return np.concatenate([mfcc, centroid, contrast]).T.astype(np.float16)
