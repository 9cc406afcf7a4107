def load_mono(path, sr):
    y, sr = librosa.load(path, sr=sr)
    return y
