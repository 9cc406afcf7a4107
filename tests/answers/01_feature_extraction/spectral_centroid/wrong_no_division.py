# wrong: the weighted sum without the division
# message: divide by the sum
def spectral_centroid(S, freq):
    with np.errstate(invalid="ignore", divide="ignore"):
        return freq @ S
