# wrong: the names of the groups in place of row numbers
# message: should hold numbers
def group_split(groups, test_share, seed):
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    n_test = max(1, round(test_share * len(names)))
    return names[n_test:], names[:n_test]
