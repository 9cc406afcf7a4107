def subset_table(subset, instrument_id, song_id, n_classes):
    table = {}
    for name in ["training", "validation", "test"]:
        clips, songs = [0] * n_classes, [set() for _ in range(n_classes)]
        for s, c, song in zip(subset, instrument_id, song_id):
            if s == name:
                clips[c] += 1
                songs[c].add(song)
        table[name] = {"clips": clips, "songs": [len(s) for s in songs]}
    return table
