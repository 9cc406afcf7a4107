# wrong: the channels are added, not averaged
# message: channels added|twice as strong
def load_mono(path, sr):
    x, rate = soundfile.read(path, always_2d=True)
    return librosa.resample(x.sum(axis=1), orig_sr=rate, target_sr=sr)
