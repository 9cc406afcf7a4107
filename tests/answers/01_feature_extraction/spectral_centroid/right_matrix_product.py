def spectral_centroid(S, freq):
    S, freq = np.asarray(S, dtype=float), np.asarray(freq, dtype=float)
    total = S.sum(axis=0)
    return np.divide(freq @ S, total, out=np.zeros(S.shape[1]), where=total > 0)
