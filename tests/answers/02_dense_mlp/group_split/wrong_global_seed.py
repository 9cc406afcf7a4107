# wrong: the seed of the whole program is changed
# message: whole program
def group_split(groups, test_share, seed):
    np.random.seed(seed)
    names = np.random.permutation(np.unique(groups))
    in_test = np.isin(groups, names[: max(1, round(test_share * len(names)))])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
