# wrong: 0 / 0 for a silent frame
# message: NaN or infinite
def spectral_centroid(S, freq):
    with np.errstate(invalid="ignore", divide="ignore"):
        return (freq @ S) / S.sum(axis=0)
