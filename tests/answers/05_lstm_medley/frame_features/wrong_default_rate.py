# wrong: the sample rate is not passed on
# message: column 13, the centroid, at|columns 0 to 12
def frame_features(y, sr):
    mfcc = librosa.feature.mfcc(y=y, sr=22050, n_mfcc=13)
    centroid = librosa.feature.spectral_centroid(y=y, sr=22050)
    contrast = librosa.feature.spectral_contrast(y=y, sr=22050)
    return np.concatenate([mfcc, centroid, contrast]).T
