# wrong: the word path in quotes: a file literally of that name
# message: (error|no such file)
def load_mono(path, sr):
    y, rate = librosa.load("path", sr=sr)
    return y
