# wrong: what is left over when n_pairs is divided is lost
# message: should have shape
def make_pairs(labels, songs, n_pairs, seed):
    rng = np.random.default_rng(seed)
    pairs = []
    for one, other in itertools.combinations(np.unique(labels), 2):
        a, b = np.flatnonzero(labels == one), np.flatnonzero(labels == other)
        allowed = np.argwhere(songs[a][:, None] != songs[b])
        pairs += [(a[i], b[j]) for i, j in rng.permutation(allowed)[: n_pairs // 6]]
    return np.array(pairs)
