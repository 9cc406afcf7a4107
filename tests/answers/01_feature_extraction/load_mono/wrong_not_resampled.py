# wrong: the rate of the file is kept
# message: still has the rate of the file
def load_mono(path, sr):
    x, rate = soundfile.read(path, always_2d=True)
    return x.mean(axis=1)
