def frame_features(y, sr):
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=20)[:13]  # the first 13 of 20 are the same numbers
    rest = [librosa.feature.spectral_centroid(y=y, sr=sr), librosa.feature.spectral_contrast(y=y, sr=sr)]
    return np.transpose(np.r_[mfcc, rest[0], rest[1]]).tolist()
