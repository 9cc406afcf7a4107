# wrong: drawn without replacement: always all groups
# message: all wrong
def interval_by_group(correct, groups, n_boot, seed):
    rng, names, means = np.random.default_rng(seed), np.unique(groups), []
    for _ in range(n_boot):
        drawn = rng.permutation(names)
        means.append(np.concatenate([correct[groups == name] for name in drawn]).mean())
    return tuple(np.percentile(means, [2.5, 97.5]))
