# wrong: half of the range
# message: sqrt\(n\)
def interval_over_seeds(scores):
    n = len(scores)
    mean = np.mean(scores)
    sd = np.std(scores, ddof=1)
    half = (np.max(scores) - np.min(scores)) / 2
    return mean, sd, half
