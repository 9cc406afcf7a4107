def make_pairs(labels, songs, n_pairs, seed):
    labels, songs = np.asarray(labels), np.asarray(songs)
    rng = np.random.default_rng(seed)
    i, j = np.triu_indices(len(labels), k=1)
    fine = (labels[i] != labels[j]) & (songs[i] != songs[j])
    i, j = i[fine], j[fine]
    kinds, kind = np.unique(np.sort(np.stack([labels[i], labels[j]]), axis=0), axis=1, return_inverse=True)
    kind = np.ravel(kind)
    chosen = []
    share, rest = divmod(n_pairs, kinds.shape[1])
    for k in range(kinds.shape[1]):
        rows = rng.permutation(np.flatnonzero(kind == k))
        chosen.extend(rows[: share + (k < rest)])
    return np.column_stack([i[chosen], j[chosen]])
