# wrong: percentiles 5 and 95
# message: too narrow|too high|too low
def interval_by_group(correct, groups, n_boot, seed):
    rng = np.random.default_rng(seed)
    names, index = np.unique(groups, return_inverse=True)
    right, total = np.bincount(index, weights=correct), np.bincount(index)
    draws = rng.integers(0, len(names), size=(n_boot, len(names)))
    return tuple(np.percentile(right[draws].sum(axis=1) / total[draws].sum(axis=1), [5, 95]))
