# wrong: one mean over all frames
# message: should have shape
def spectral_centroid(S, freq):
    with np.errstate(invalid="ignore", divide="ignore"):
        return (freq @ S).sum() / S.sum()
