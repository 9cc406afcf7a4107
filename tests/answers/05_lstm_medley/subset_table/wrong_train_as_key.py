# wrong: the key is called 'train'
# message: lacks the keys \['training'\]
def subset_table(subset, instrument_id, song_id, n_classes):
    table = {}
    for name in ("train", "validation", "test"):
        rows = subset == {"train": "training"}.get(name, name)
        table[name] = {
            "clips": np.bincount(instrument_id[rows], minlength=n_classes),
            "songs": np.array([len(np.unique(song_id[rows & (instrument_id == c)])) for c in range(n_classes)]),
        }
    return table
