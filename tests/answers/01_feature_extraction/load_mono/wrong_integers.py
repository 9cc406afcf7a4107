# wrong: 16-bit whole numbers are not scaled
# message: should not go above 1|should hold floats|go below -1
def load_mono(path, sr):
    x, rate = soundfile.read(path, dtype="int16", always_2d=True)
    return librosa.resample(x.mean(axis=1), orig_sr=rate, target_sr=sr)
