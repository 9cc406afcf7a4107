# wrong: pairs are drawn with replacement
# message: some come twice
def make_pairs(labels, songs, n_pairs, seed):
    rng = np.random.default_rng(seed)
    combinations = list(itertools.combinations(np.unique(labels), 2))
    pairs = []
    for place, (one, other) in enumerate(combinations):
        a, b = np.flatnonzero(labels == one), np.flatnonzero(labels == other)
        allowed = np.argwhere(songs[a][:, None] != songs[b])
        n = n_pairs // len(combinations) + (place < n_pairs % len(combinations))
        pairs += [(a[i], b[j]) for i, j in allowed[rng.integers(len(allowed), size=n)]]
    return np.array(pairs)
