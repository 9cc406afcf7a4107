def interval_by_group(correct, groups, n_boot, seed):
    rng = np.random.default_rng(seed)
    names = np.unique(groups)
    by_name = {name: correct[groups == name] for name in names}
    means = []
    for _ in range(n_boot):
        drawn = rng.choice(names, size=len(names), replace=True)
        means.append(np.concatenate([by_name[name] for name in drawn]).mean())
    return np.percentile(means, 2.5), np.percentile(means, 97.5)
