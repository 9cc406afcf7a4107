# wrong: the mean in last place
# message: the mean
def interval_over_seeds(scores):
    n = len(scores)
    mean = np.mean(scores)
    sd = np.std(scores, ddof=1)
    half = stats.t.ppf(0.975, n - 1) * sd / np.sqrt(n)
    return sd, half, mean
