import librosa


def clip_defects(Y, sr):
    result = []
    for y in Y:
        rms = np.sqrt(np.mean(y**2))
        flatness = librosa.feature.spectral_flatness(y=y)[0]
        if rms < 1e-4:
            result.append("silent")
        elif np.median(flatness) > 0.3:
            result.append("noise")
        else:
            result.append("ok")
    return result
