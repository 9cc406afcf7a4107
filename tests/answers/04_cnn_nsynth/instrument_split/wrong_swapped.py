# wrong: training and test are swapped
# message: the two sides are swapped
def instrument_split(instruments, families, test_share, seed):
    rng = np.random.default_rng(seed)
    held_out = []
    for family in np.unique(families):
        names = rng.permutation(np.unique(instruments[families == family]))
        n_test = min(max(round(test_share * len(names)), 1), len(names) - 1)
        held_out.extend(names[:n_test])
    in_test = np.isin(instruments, held_out)
    return np.flatnonzero(in_test), np.flatnonzero(~in_test)
