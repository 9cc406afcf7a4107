# wrong: powers in place of magnitudes
# message: S was squared
def spectral_centroid(S, freq):
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.nan_to_num((freq @ S**2) / (S**2).sum(axis=0))
