# wrong: the mean of the groups, long ones and short ones alike
# message: pool the windows|equal weight
def interval_by_group(correct, groups, n_boot, seed):
    rng, names = np.random.default_rng(seed), np.unique(groups)
    means = np.array([correct[groups == name].mean() for name in names])
    draws = rng.integers(0, len(names), size=(n_boot, len(names)))
    return tuple(np.percentile(means[draws].mean(axis=1), [2.5, 97.5]))
