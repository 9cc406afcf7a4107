# wrong: divided by the number of bins
# message: between the lowest|has the right shape, but
def spectral_centroid(S, freq):
    with np.errstate(invalid="ignore", divide="ignore"):
        return (freq @ S) / len(freq)
