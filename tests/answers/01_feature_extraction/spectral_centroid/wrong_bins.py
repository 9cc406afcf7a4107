# wrong: bin numbers in place of Hz
# message: bin numbers|between the lowest and the highest
def spectral_centroid(S, freq):
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.nan_to_num((np.arange(len(freq)) @ S) / S.sum(axis=0))
