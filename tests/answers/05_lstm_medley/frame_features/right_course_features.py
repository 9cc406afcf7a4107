def frame_features(y, sr):
    found = features.frames(y, sr, ("mfcc", "centroid", "contrast"), n_mfcc=13)
    return np.hstack([rows.T for rows in found.values()])
