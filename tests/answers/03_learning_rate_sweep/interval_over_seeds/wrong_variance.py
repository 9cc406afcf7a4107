# wrong: the variance in place of the standard deviation
# message: the sd
def interval_over_seeds(scores):
    n = len(scores)
    mean = np.mean(scores)
    sd = np.var(scores, ddof=1)
    half = stats.t.ppf(0.975, n - 1) * sd / np.sqrt(n)
    return mean, sd, half
