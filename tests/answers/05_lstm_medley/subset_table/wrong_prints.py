# wrong: prints the table and returns nothing
# message: is None
def subset_table(subset, instrument_id, song_id, n_classes):
    for name in ("training", "validation", "test"):
        print(name, np.bincount(instrument_id[subset == name], minlength=n_classes))
