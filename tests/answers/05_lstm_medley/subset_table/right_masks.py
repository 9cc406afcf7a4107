def subset_table(subset, instrument_id, song_id, n_classes):
    classes = np.arange(n_classes)
    return {
        name: {
            "clips": np.array([((subset == name) & (instrument_id == c)).sum() for c in classes]),
            "songs": np.array([np.unique(song_id[(subset == name) & (instrument_id == c)]).size for c in classes]),
        }
        for name in np.unique(["training", "validation", "test"])
    }
