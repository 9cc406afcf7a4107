# wrong: the clip brought to peak 1 first
# message: columns 0 to 12, the MFCC
def frame_features(y, sr):
    y = y / np.abs(y).max()
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13)
    centroid = librosa.feature.spectral_centroid(y=y, sr=sr)
    contrast = librosa.feature.spectral_contrast(y=y, sr=sr)
    return np.concatenate([mfcc, centroid, contrast]).T
