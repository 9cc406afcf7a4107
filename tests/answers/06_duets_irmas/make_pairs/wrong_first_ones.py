# wrong: the first allowed pairs, nothing is drawn
# message: different seeds give the same pairs|are never drawn
def make_pairs(labels, songs, n_pairs, seed):
    combinations = list(itertools.combinations(np.unique(labels), 2))
    pairs = []
    for place, (one, other) in enumerate(combinations):
        a, b = np.flatnonzero(labels == one), np.flatnonzero(labels == other)
        allowed = np.argwhere(songs[a][:, None] != songs[b])
        n = n_pairs // len(combinations) + (place < n_pairs % len(combinations))
        pairs += [(a[i], b[j]) for i, j in allowed[:n]]
    return np.random.default_rng(seed).permutation(pairs)
