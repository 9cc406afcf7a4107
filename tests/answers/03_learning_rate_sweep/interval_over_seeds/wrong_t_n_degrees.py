# wrong: n degrees of freedom
# message: student's t|the half-width
def interval_over_seeds(scores):
    n = len(scores)
    mean = np.mean(scores)
    sd = np.std(scores, ddof=1)
    half = stats.t.ppf(0.975, n) * sd / np.sqrt(n)
    return mean, sd, half
