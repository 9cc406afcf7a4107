# wrong: only the first channel is kept
# message: tone of one channel is missing
def load_mono(path, sr):
    x, rate = soundfile.read(path, always_2d=True)
    return librosa.resample(x[:, 0], orig_sr=rate, target_sr=sr)
