import scipy.signal


def load_mono(path, sr):
    x, rate = soundfile.read(path, always_2d=True)
    x = x.sum(1) / x.shape[1]
    return scipy.signal.resample(x, int(round(len(x) * sr / rate)))
