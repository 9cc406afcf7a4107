def note_features(y, sr):
    S = librosa.feature.melspectrogram(y=y, sr=sr, n_fft=2048, hop_length=512, n_mels=128, power=2.0)
    mfcc = librosa.feature.mfcc(S=librosa.power_to_db(S), n_mfcc=20)
    d1 = librosa.feature.delta(mfcc, width=9, mode="nearest")
    d2 = librosa.feature.delta(mfcc, width=9, order=2, mode="nearest")
    return np.hstack([mfcc.mean(1), mfcc.std(1), d1.mean(1), d1.std(1), d2.mean(1), d2.std(1)])
