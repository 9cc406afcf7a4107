# wrong: whole families are held out
# message: has none there|has none left for training
def instrument_split(instruments, families, test_share, seed):
    names = np.random.default_rng(seed).permutation(np.unique(families))
    n_test = max(1, round(test_share * len(names)))
    in_test = np.isin(families, names[:n_test])
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
