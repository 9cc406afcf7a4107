# wrong: percentile and quantile confused: 0.025 per cent
# message: all wrong|upper end is too low
def interval_by_group(correct, groups, n_boot, seed):
    rng = np.random.default_rng(seed)
    names, index = np.unique(groups, return_inverse=True)
    right, total = np.bincount(index, weights=correct), np.bincount(index)
    draws = rng.integers(0, len(names), size=(n_boot, len(names)))
    return tuple(np.percentile(right[draws].sum(axis=1) / total[draws].sum(axis=1), [0.025, 0.975]))
