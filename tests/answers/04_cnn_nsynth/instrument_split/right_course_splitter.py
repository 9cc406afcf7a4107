def instrument_split(instruments, families, test_share, seed):
    return evaluate.split_by_group(instruments, test_share, seed, labels=families)
