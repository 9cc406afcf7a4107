# wrong: rows of a subset picked by their number, as in the report
# message: picked by number|right shape, but
def subset_table(subset, instrument_id, song_id, n_classes):
    n = len(subset)
    ranges = {"test": slice(0, 3 * n // 7), "training": slice(3 * n // 7, 6 * n // 7), "validation": slice(6 * n // 7, n)}
    table = {}
    for name, rows in ranges.items():
        classes, songs = instrument_id[rows], song_id[rows]
        table[name] = {
            "clips": np.bincount(classes, minlength=n_classes),
            "songs": np.array([len(np.unique(songs[classes == c])) for c in range(n_classes)]),
        }
    return table
