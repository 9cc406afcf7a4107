# wrong: the clips given as songs
# message: counts clips|right shape, but
def subset_table(subset, instrument_id, song_id, n_classes):
    table = {}
    for name in ("training", "validation", "test"):
        rows = subset == name
        table[name] = {
            "clips": np.bincount(instrument_id[rows], minlength=n_classes),
            "songs": np.bincount(instrument_id[rows], minlength=n_classes),
        }
    return table
