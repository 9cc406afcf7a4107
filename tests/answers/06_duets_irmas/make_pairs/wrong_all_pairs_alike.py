# wrong: drawn from all allowed pairs alike, so that frequent instruments are paired more often
# message: differ by 1 at most
def make_pairs(labels, songs, n_pairs, seed):
    rng = np.random.default_rng(seed)
    allowed = [(i, j) for i, j in itertools.combinations(range(len(labels)), 2)
               if songs[i] != songs[j] and labels[i] != labels[j]]
    return np.array([allowed[c] for c in rng.permutation(len(allowed))[:n_pairs]])
