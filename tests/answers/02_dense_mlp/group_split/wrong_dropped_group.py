# wrong: one group stands on neither side
# message: neither side
def group_split(groups, test_share, seed):
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    n_test = max(1, round(test_share * len(names)))
    return np.flatnonzero(np.isin(groups, names[n_test + 1 :])), np.flatnonzero(np.isin(groups, names[:n_test]))
