# wrong: sd in per cent
# message: in the unit of the scores
def interval_over_seeds(scores):
    n = len(scores)
    mean = np.mean(scores)
    sd = np.std(scores, ddof=1)
    half = stats.t.ppf(0.975, n - 1) * sd / np.sqrt(n)
    return mean, 100 * sd, half
