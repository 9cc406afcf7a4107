# wrong: families with one instrument are dropped
# message: neither side
def instrument_split(instruments, families, test_share, seed):
    rng = np.random.default_rng(seed)
    held_out = []
    for family in np.unique(families):
        names = rng.permutation(np.unique(instruments[families == family]))
        n_test = min(max(round(test_share * len(names)), 1), len(names) - 1)
        held_out.extend(names[:n_test])
    in_test = np.isin(instruments, held_out)
    single = [f for f in np.unique(families) if len(np.unique(instruments[families == f])) == 1]
    return np.flatnonzero(~in_test & ~np.isin(families, single)), np.flatnonzero(in_test)
