# wrong: arguments by position, as librosa took them before version 0.10
# message: write `librosa\.resample\(y, orig_sr=rate, target_sr=sr\)`
def load_mono(path, sr):
    y, rate = librosa.load(path, sr=None)
    return librosa.resample(y, rate, sr)
