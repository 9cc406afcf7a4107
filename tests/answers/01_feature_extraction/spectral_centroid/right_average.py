def spectral_centroid(S, freq):
    return np.array([np.average(freq, weights=s) if s.any() else 0.0 for s in S.T])
