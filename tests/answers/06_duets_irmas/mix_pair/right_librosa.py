import librosa


def mix_pair(a, b, level_db):
    if np.shape(a) != np.shape(b):
        raise ValueError("only clips of equal length can be mixed")
    rms_a, rms_b = np.sqrt(np.mean(a**2)), np.sqrt(np.mean(b**2))
    gain = librosa.db_to_amplitude(-level_db) * rms_a / rms_b if rms_a and rms_b else 1.0
    return 0.5 * librosa.util.normalize(a + np.float32(gain) * b, norm=np.inf)
