# wrong: the mean over axis 0 of soundfile's (n_samples, n_channels)
# message: mean was taken over time
def load_mono(path, sr):
    y, rate = soundfile.read(path, always_2d=True)
    return librosa.resample(y.mean(axis=0), orig_sr=rate, target_sr=sr)
