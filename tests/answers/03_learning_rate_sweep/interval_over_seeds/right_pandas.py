import pandas as pd


def interval_over_seeds(scores):
    s = pd.Series(list(scores))
    return [s.mean(), s.std(), s.sem() * stats.t(len(s) - 1).ppf(0.975)]
