# wrong: the labels of the clips come back, not their row numbers
# message: row numbers.*labels\?
def make_pairs(labels, songs, n_pairs, seed):
    rng = np.random.default_rng(seed)
    combinations = list(itertools.combinations(np.unique(labels), 2))
    pairs = []
    for place, (one, other) in enumerate(combinations):
        a, b = np.flatnonzero(labels == one), np.flatnonzero(labels == other)
        allowed = np.argwhere(songs[a][:, None] != songs[b])
        n = n_pairs // len(combinations) + (place < n_pairs % len(combinations))
        pairs += [(labels[a[i]], labels[b[j]]) for i, j in rng.permutation(allowed)[:n]]
    return np.array(pairs)
