# wrong: divided by the sum over all frames
# message: has the right shape, but|divide
def spectral_centroid(S, freq):
    with np.errstate(invalid="ignore", divide="ignore"):
        return (freq @ S) / S.sum()
