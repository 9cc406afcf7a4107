import soxr


def load_mono(path, sr):
    x, file_rate = soundfile.read(path, always_2d=True)
    return soxr.resample(x.mean(axis=1), file_rate, sr).astype("float32")
