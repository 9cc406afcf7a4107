# wrong: one-sided
# message: half right|upper end is too high
def interval_by_group(correct, groups, n_boot, seed):
    rng = np.random.default_rng(seed)
    names, index = np.unique(groups, return_inverse=True)
    right, total = np.bincount(index, weights=correct), np.bincount(index)
    draws = rng.integers(0, len(names), size=(n_boot, len(names)))
    accuracy = right[draws].sum(axis=1) / total[draws].sum(axis=1)
    return np.percentile(accuracy, 5), 1.0
