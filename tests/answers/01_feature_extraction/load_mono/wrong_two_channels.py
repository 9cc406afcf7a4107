# wrong: the channels stay apart
# message: should have shape
def load_mono(path, sr):
    y, _ = librosa.load(path, sr=sr, mono=False)
    return y
