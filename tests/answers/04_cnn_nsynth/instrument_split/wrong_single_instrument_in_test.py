# wrong: at least one of each family in the test set, also where it is the only one
# message: family with one instrument is in the test set
def instrument_split(instruments, families, test_share, seed):
    rng = np.random.default_rng(seed)
    held_out = []
    for family in np.unique(families):
        names = rng.permutation(np.unique(instruments[families == family]))
        n_test = max(round(test_share * len(names)), 1)
        held_out.extend(names[:n_test])
    in_test = np.isin(instruments, held_out)
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
