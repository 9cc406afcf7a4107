# wrong: linear interpolation between samples: nothing is filtered out
# message: an alias
def load_mono(path, sr):
    x, rate = soundfile.read(path, always_2d=True)
    seconds = len(x) / rate
    return np.interp(np.arange(round(seconds * sr)) / sr, np.arange(len(x)) / rate, x.mean(axis=1))
