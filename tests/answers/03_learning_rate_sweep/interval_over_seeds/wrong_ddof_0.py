# wrong: divided by n, not by n - 1
# message: sd.*n - 1 in the denominator
def interval_over_seeds(scores):
    n = len(scores)
    mean = np.mean(scores)
    sd = np.std(scores)
    half = stats.t.ppf(0.975, n - 1) * sd / np.sqrt(n)
    return mean, sd, half
