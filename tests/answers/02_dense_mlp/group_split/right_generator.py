def group_split(groups, test_share, seed):
    rng = np.random.default_rng(seed)
    names = np.unique(groups)
    rng.shuffle(names)
    n_test = max(1, int(round(test_share * len(names))))
    mask = np.isin(groups, names[:n_test])
    return np.where(~mask)[0], np.where(mask)[0]
