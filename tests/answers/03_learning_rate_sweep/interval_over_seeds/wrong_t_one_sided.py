# wrong: the 0.95 quantile: an interval of 90 %
# message: student's t|the half-width
def interval_over_seeds(scores):
    n = len(scores)
    mean = np.mean(scores)
    sd = np.std(scores, ddof=1)
    half = stats.t.ppf(0.95, n - 1) * sd / np.sqrt(n)
    return mean, sd, half
