def interval_over_seeds(scores):
    scores = np.array(scores)
    sd = scores.std(ddof=1)
    return np.array([scores.mean(), sd, -stats.t.ppf(0.025, scores.size - 1) * sd / scores.size**0.5])
