# wrong: the share is one of the rows, not of the groups
# message: the share is one of the groups, not of the rows
def group_split(groups, test_share, seed):
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    in_test = np.zeros(len(groups), dtype=bool)
    for name in names:
        if in_test.sum() >= test_share * len(groups):
            break
        in_test |= groups == name
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
