# wrong: single windows are drawn
# message: windows drawn|single windows
def interval_by_group(correct, groups, n_boot, seed):
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, len(correct), size=(n_boot, len(correct)))
    return tuple(np.percentile(correct[draws].mean(axis=1), [2.5, 97.5]))
