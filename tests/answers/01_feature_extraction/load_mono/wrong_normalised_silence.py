# wrong: division by a peak of 0
# message: NaN or infinite
def load_mono(path, sr):
    y, _ = librosa.load(path, sr=sr)
    peak = np.abs(y).max()
    with np.errstate(invalid="ignore"):
        return np.clip(y / peak * peak, -1, 1)
