# wrong: samples and rate are both returned
# message: a pair came back
def load_mono(path, sr):
    return librosa.load(path, sr=sr)
