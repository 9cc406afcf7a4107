def note_features(y, sr):
    return features.clip_vector(y, sr)
