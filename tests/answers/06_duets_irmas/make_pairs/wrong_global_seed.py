# wrong: the seed of the whole program is set
# message: random numbers of the whole program
def make_pairs(labels, songs, n_pairs, seed):
    np.random.seed(seed)
    combinations = list(itertools.combinations(np.unique(labels), 2))
    pairs = []
    for place, (one, other) in enumerate(combinations):
        a, b = np.flatnonzero(labels == one), np.flatnonzero(labels == other)
        allowed = np.argwhere(songs[a][:, None] != songs[b])
        n = n_pairs // len(combinations) + (place < n_pairs % len(combinations))
        pairs += [(a[i], b[j]) for i, j in allowed[np.random.permutation(len(allowed))[:n]]]
    return np.array(pairs)
