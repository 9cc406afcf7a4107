# wrong: songs counted over all subsets
# message: counts the whole table|right shape, but
def subset_table(subset, instrument_id, song_id, n_classes):
    table = {}
    for name in ("training", "validation", "test"):
        rows = subset == name
        table[name] = {
            "clips": np.bincount(instrument_id[rows], minlength=n_classes),
            "songs": np.array([len(np.unique(song_id[instrument_id == c])) for c in range(n_classes)]),
        }
    return table
