def make_pairs(labels, songs, n_pairs, seed):
    rng = np.random.default_rng(seed)
    by_combination = {}
    for i, j in itertools.combinations(range(len(labels)), 2):
        if labels[i] != labels[j] and songs[i] != songs[j]:
            by_combination.setdefault(tuple(sorted((labels[i], labels[j]))), []).append((i, j))
    keys = sorted(by_combination)
    rng.shuffle(keys)
    pairs = []
    for k, key in enumerate(keys):
        allowed = by_combination[key]
        n = n_pairs // len(keys) + (1 if k < n_pairs % len(keys) else 0)
        pairs += [allowed[c] for c in rng.choice(len(allowed), size=n, replace=False)]
    return np.array(pairs)
