def frame_features(y, sr):
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13)
    audio = np.zeros((mfcc.shape[1], 21), dtype=np.float64)
    audio[:, 0:13] = mfcc.T
    audio[:, 13:14] = librosa.feature.spectral_centroid(y=y, sr=sr).T
    audio[:, 14:21] = librosa.feature.spectral_contrast(y=y, sr=sr).T
    return audio
