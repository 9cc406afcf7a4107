# wrong: the centroid seven times, no contrast
# message: columns 14 to 20
def frame_features(y, sr):
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13)
    centroid = librosa.feature.spectral_centroid(y=y, sr=sr)
    contrast = librosa.feature.spectral_contrast(y=y, sr=sr)
    return np.concatenate([mfcc, centroid, np.repeat(centroid, 7, axis=0)]).T
