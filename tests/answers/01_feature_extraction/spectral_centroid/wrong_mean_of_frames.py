# wrong: the mean of the centroids
# message: should have shape
def spectral_centroid(S, freq):
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.nan_to_num((freq @ S) / S.sum(axis=0)).mean(keepdims=True)
