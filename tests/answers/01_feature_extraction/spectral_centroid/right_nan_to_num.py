def spectral_centroid(S, freq):
    with np.errstate(invalid="ignore", divide="ignore"):
        c = np.sum(freq.reshape(-1, 1) * S, axis=0) / np.sum(S, axis=0)
    return np.nan_to_num(c)
