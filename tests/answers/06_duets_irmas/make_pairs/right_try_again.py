def make_pairs(labels, songs, n_pairs, seed):
    rng = np.random.default_rng(seed)
    names = np.unique(labels)
    combinations = list(itertools.combinations(names, 2))
    rows = {name: np.where(labels == name)[0] for name in names}
    seen, pairs = set(), []
    while len(pairs) < n_pairs:
        one, other = combinations[len(pairs) % len(combinations)]
        i, j = int(rng.choice(rows[one])), int(rng.choice(rows[other]))
        if songs[i] == songs[j] or (i, j) in seen:
            continue
        seen.add((i, j))
        pairs.append([i, j])
    return pairs
