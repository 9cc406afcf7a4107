# wrong: the whole rest goes to one combination
# message: differ by 1 at most
def make_pairs(labels, songs, n_pairs, seed):
    rng = np.random.default_rng(seed)
    combinations = list(itertools.combinations(np.unique(labels), 2))
    pairs = []
    for place, (one, other) in enumerate(combinations):
        a, b = np.flatnonzero(labels == one), np.flatnonzero(labels == other)
        allowed = np.argwhere(songs[a][:, None] != songs[b])
        n = n_pairs // len(combinations) + (n_pairs % len(combinations) if place == 0 else 0)
        pairs += [(a[i], b[j]) for i, j in rng.permutation(allowed)[:n]]
    return np.array(pairs)
