# wrong: only the first two seconds are read
# message: is it cut
def load_mono(path, sr):
    y, _ = librosa.load(path, sr=sr, duration=2)
    return y
