def frame_features(y, sr):
    S = np.abs(librosa.stft(y, n_fft=2048, hop_length=512))
    mel = librosa.power_to_db(librosa.feature.melspectrogram(S=S**2, sr=sr))
    return np.concatenate(
        [
            librosa.feature.mfcc(S=mel, sr=sr, n_mfcc=13).T,
            librosa.feature.spectral_centroid(S=S, sr=sr).T,
            librosa.feature.spectral_contrast(S=S, sr=sr).T,
        ],
        axis=1,
    )
