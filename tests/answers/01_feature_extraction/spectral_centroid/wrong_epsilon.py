# wrong: a small number added below the fraction: it pulls soft frames to 0
# message: has the right shape, but
def spectral_centroid(S, freq):
    with np.errstate(invalid="ignore", divide="ignore"):
        return (freq @ S) / (S.sum(axis=0) + 0.01)
