# wrong: counts of the whole table in each subset
# message: counts the whole table|right shape, but
def subset_table(subset, instrument_id, song_id, n_classes):
    table = {}
    for name in ("training", "validation", "test"):
        rows = np.ones(len(subset), dtype=bool)
        table[name] = {
            "clips": np.bincount(instrument_id[rows], minlength=n_classes),
            "songs": np.array([len(np.unique(song_id[rows & (instrument_id == c)])) for c in range(n_classes)]),
        }
    return table
