# wrong: samples are dropped without a filter
# message: an alias
def load_mono(path, sr):
    x, rate = soundfile.read(path, always_2d=True)
    return x.mean(axis=1)[:: rate // sr]
