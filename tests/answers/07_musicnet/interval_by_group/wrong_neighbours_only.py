# wrong: windows of a recording are thought to stand together
# message: single windows|too narrow
def interval_by_group(correct, groups, n_boot, seed):
    rng = np.random.default_rng(seed)
    starts = np.flatnonzero(np.append(True, np.asarray(groups)[1:] != np.asarray(groups)[:-1]))
    right = np.add.reduceat(np.asarray(correct, dtype=float), starts)
    total = np.diff(np.append(starts, len(correct)))
    draws = rng.integers(0, len(starts), size=(n_boot, len(starts)))
    return tuple(np.percentile(right[draws].sum(axis=1) / total[draws].sum(axis=1), [2.5, 97.5]))
