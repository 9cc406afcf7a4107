# wrong: numbers of the groups in place of row numbers
# message: neither side|both sides|twice
def group_split(groups, test_share, seed):
    order = np.random.default_rng(seed).permutation(len(np.unique(groups)))
    n_test = max(1, round(test_share * len(order)))
    return order[n_test:], order[:n_test]
