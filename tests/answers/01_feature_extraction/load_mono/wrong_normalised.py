# wrong: each file is divided by its peak
# message: away from its amplitude|do not keep half
def load_mono(path, sr):
    y, _ = librosa.load(path, sr=sr)
    return y / np.abs(y).max() if np.abs(y).max() > 0 else y
