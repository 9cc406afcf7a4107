# wrong: the seed is not used
# message: other seeds
def interval_by_group(correct, groups, n_boot, seed):
    rng = np.random.default_rng(0)
    names, index = np.unique(groups, return_inverse=True)
    right, total = np.bincount(index, weights=correct), np.bincount(index)
    draws = rng.integers(0, len(names), size=(n_boot, len(names)))
    return tuple(np.percentile(right[draws].sum(axis=1) / total[draws].sum(axis=1), [2.5, 97.5]))
