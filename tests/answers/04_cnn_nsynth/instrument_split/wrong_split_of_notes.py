# wrong: notes are split at random
# message: on both sides
def instrument_split(instruments, families, test_share, seed):
    order = np.random.default_rng(seed).permutation(len(instruments))
    n_test = round(test_share * len(instruments))
    return np.sort(order[n_test:]), np.sort(order[:n_test])
