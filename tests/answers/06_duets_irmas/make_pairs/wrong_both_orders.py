# wrong: (i, j) and (j, i) both count as pairs
# message: some come twice
def make_pairs(labels, songs, n_pairs, seed):
    rng = np.random.default_rng(seed)
    combinations = list(itertools.combinations(np.unique(labels), 2))
    pairs = []
    for place, (one, other) in enumerate(combinations):
        a, b = np.flatnonzero(labels == one), np.flatnonzero(labels == other)
        allowed = [(a[i], b[j]) for i, j in np.argwhere(songs[a][:, None] != songs[b])]
        allowed += [(j, i) for i, j in allowed]
        n = n_pairs // len(combinations) + (place < n_pairs % len(combinations))
        pairs += [allowed[c] for c in rng.permutation(len(allowed))[:n]]
    return np.array(pairs)
