# wrong: deviation of the runs in place of that of their mean
# message: where is sqrt\(n\)
def interval_over_seeds(scores):
    n = len(scores)
    mean = np.mean(scores)
    sd = np.std(scores, ddof=1)
    half = stats.t.ppf(0.975, n - 1) * sd
    return mean, sd, half
