# wrong: the mean over axis 1 of librosa's (n_channels, n_samples)
# message: mean was taken over time
def load_mono(path, sr):
    y, _ = librosa.load(path, sr=sr, mono=False)
    return y if y.ndim == 1 else y.mean(axis=1)
