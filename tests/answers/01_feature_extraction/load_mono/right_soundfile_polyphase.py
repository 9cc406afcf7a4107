from math import gcd

import scipy.signal


def load_mono(path, sr):
    with soundfile.SoundFile(path) as f:
        x = f.read(dtype="float32")
        rate = f.samplerate
    if x.ndim == 2:
        x = np.mean(x, 1)
    if rate != sr:
        k = gcd(int(rate), int(sr))
        x = scipy.signal.resample_poly(x, sr // k, rate // k, window=("kaiser", 8.0))
        x = np.clip(x, -1, 1)
    return x
