# wrong: 1.96 whatever the number of runs
# message: factor that of Student's t
def interval_over_seeds(scores):
    n = len(scores)
    mean = np.mean(scores)
    sd = np.std(scores, ddof=1)
    half = 1.96 * sd / np.sqrt(n)
    return mean, sd, half
