# wrong: the last groups, without shuffling
# message: shuffle with the seed|not shuffled
def group_split(groups, test_share, seed):
    names = np.unique(groups)
    n_test = max(1, round(test_share * len(names)))
    in_test = np.isin(groups, names[-n_test:])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
