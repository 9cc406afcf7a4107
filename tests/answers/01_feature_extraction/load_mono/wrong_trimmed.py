# wrong: silence at both ends is cut off
# message: is silence trimmed
def load_mono(path, sr):
    y, _ = librosa.load(path, sr=sr)
    return librosa.effects.trim(y)[0]
