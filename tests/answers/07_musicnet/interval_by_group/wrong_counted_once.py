# wrong: a group that is drawn twice counts once
# message: count twice
def interval_by_group(correct, groups, n_boot, seed):
    rng, names, means = np.random.default_rng(seed), np.unique(groups), []
    for _ in range(n_boot):
        drawn = rng.choice(names, size=len(names), replace=True)
        means.append(correct[np.isin(groups, drawn)].mean())
    return tuple(np.percentile(means, [2.5, 97.5]))
