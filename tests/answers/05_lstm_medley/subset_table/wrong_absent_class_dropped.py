# wrong: a class that a subset lacks is left out
# message: should have shape
def subset_table(subset, instrument_id, song_id, n_classes):
    table = {}
    for name in ("training", "validation", "test"):
        rows = subset == name
        table[name] = {
            "clips": np.unique(instrument_id[rows], return_counts=True)[1],
            "songs": np.array([len(np.unique(song_id[rows & (instrument_id == c)])) for c in np.unique(instrument_id[rows])]),
        }
    return table
