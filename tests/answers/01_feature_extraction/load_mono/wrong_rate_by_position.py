# wrong: arguments by position, as librosa took them before version 0.10
# message: takes only its first argument without a name: write `librosa\.load\(path, sr=sr\)`
def load_mono(path, sr):
    y, _ = librosa.load(path, sr)
    return y
