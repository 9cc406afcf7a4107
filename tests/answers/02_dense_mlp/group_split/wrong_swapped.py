# wrong: training and test are swapped
# message: the two sides are swapped
def group_split(groups, test_share, seed):
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    in_test = np.isin(groups, names[: max(1, round(test_share * len(names)))])
    return np.flatnonzero(in_test), np.flatnonzero(~in_test)
