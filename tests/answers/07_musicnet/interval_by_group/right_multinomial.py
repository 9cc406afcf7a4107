def interval_by_group(correct, groups, n_boot, seed):
    names, index = np.unique(groups, return_inverse=True)
    G = len(names)
    times = np.random.RandomState(seed).multinomial(G, np.ones(G) / G, size=n_boot)
    accuracy = times @ np.bincount(index, weights=correct) / (times @ np.bincount(index))
    return tuple(np.quantile(accuracy, [0.025, 0.975]))
