def load_mono(path, sr):
    y, native = librosa.load(str(path), sr=None, mono=False)
    y = librosa.to_mono(y)
    y = librosa.resample(y, orig_sr=native, target_sr=sr)
    return y
