# wrong: all songs of the subset for every class
# message: right shape, but
def subset_table(subset, instrument_id, song_id, n_classes):
    table = {}
    for name in ("training", "validation", "test"):
        rows = subset == name
        table[name] = {
            "clips": np.bincount(instrument_id[rows], minlength=n_classes),
            "songs": np.full(n_classes, len(np.unique(song_id[rows]))),
        }
    return table
