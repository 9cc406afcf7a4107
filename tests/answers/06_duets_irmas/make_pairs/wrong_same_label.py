# wrong: any two clips of different songs
# message: the same instrument twice
def make_pairs(labels, songs, n_pairs, seed):
    rng = np.random.default_rng(seed)
    allowed = [p for p in itertools.combinations(range(len(labels)), 2) if songs[p[0]] != songs[p[1]]]
    return np.array([allowed[c] for c in rng.permutation(len(allowed))[:n_pairs]])
