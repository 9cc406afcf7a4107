# wrong: librosa.load with its default rate of 22,050 Hz
# message: 22,050 Hz, librosa
def load_mono(path, sr):
    y, sr = librosa.load(path)
    return y
