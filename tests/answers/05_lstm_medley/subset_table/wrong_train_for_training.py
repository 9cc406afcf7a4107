# wrong: 'train' where the table says 'training': an empty subset without an error
# message: 'train', finds nothing|lacks the keys|right shape, but
def subset_table(subset, instrument_id, song_id, n_classes):
    table = {}
    for name, word in (("training", "train"), ("validation", "validation"), ("test", "test")):
        rows = subset == word
        table[name] = {
            "clips": np.bincount(instrument_id[rows], minlength=n_classes),
            "songs": np.array([len(set(song_id[rows & (instrument_id == c)])) for c in range(n_classes)]),
        }
    return table
