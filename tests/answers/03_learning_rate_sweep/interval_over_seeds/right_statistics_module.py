import statistics

from scipy.stats import sem, t


def interval_over_seeds(scores):
    scores = [float(s) for s in scores]
    low, high = t.interval(0.95, len(scores) - 1, loc=statistics.mean(scores), scale=sem(scores))
    return statistics.mean(scores), statistics.stdev(scores), (high - low) / 2
