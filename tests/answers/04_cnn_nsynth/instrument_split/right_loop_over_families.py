def instrument_split(instruments, families, test_share, seed):
    rng = np.random.default_rng(seed)
    test_names = []
    for fam in sorted(set(families)):
        own = sorted(set(instruments[families == fam]))
        if len(own) == 1:
            continue
        k = int(round(len(own) * test_share))
        k = max(1, min(k, len(own) - 1))
        rng.shuffle(own)
        test_names += own[:k]
    mask = np.array([name in test_names for name in instruments])
    return np.where(~mask)[0], np.where(mask)[0]
