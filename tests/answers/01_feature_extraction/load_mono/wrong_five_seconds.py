# wrong: only the first five seconds are read
# message: is it cut
def load_mono(path, sr):
    return librosa.load(path, sr=sr, mono=True, duration=5.0)[0]
