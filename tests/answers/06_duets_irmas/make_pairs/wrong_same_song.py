# wrong: the songs are not looked at
# message: both clips from one song
def make_pairs(labels, songs, n_pairs, seed):
    rng = np.random.default_rng(seed)
    combinations = list(itertools.combinations(np.unique(labels), 2))
    pairs = []
    for place, (one, other) in enumerate(combinations):
        allowed = [(i, j) for i in np.flatnonzero(labels == one) for j in np.flatnonzero(labels == other)]
        n = n_pairs // len(combinations) + (place < n_pairs % len(combinations))
        pairs += [allowed[c] for c in rng.permutation(len(allowed))[:n]]
    return np.array(pairs)
