# wrong: the rate handed to scipy.signal.resample, whose argument is a number of samples
# message: should be the seconds of the file
import scipy.signal


def load_mono(path, sr):
    x, rate = soundfile.read(path, always_2d=True)
    return scipy.signal.resample(x.mean(axis=1), sr)
