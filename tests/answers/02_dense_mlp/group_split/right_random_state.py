def group_split(groups, test_share, seed):
    rows = np.arange(len(groups))
    names, number = np.unique(groups, return_inverse=True)
    chosen = np.random.RandomState(seed).choice(len(names), max(1, round(test_share * len(names))), replace=False)
    test = rows[np.isin(number, chosen)]
    return np.setdiff1d(rows, test), test
