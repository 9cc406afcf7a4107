# wrong: the bins are taken as evenly spaced
# message: evenly spaced
def spectral_centroid(S, freq):
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.nan_to_num((np.linspace(freq[0], freq[-1], len(freq)) @ S) / S.sum(axis=0))
