# wrong: masks in place of row numbers
# message: a mask\?
def group_split(groups, test_share, seed):
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    in_test = np.isin(groups, names[: max(1, round(test_share * len(names)))])
    return ~in_test, in_test
