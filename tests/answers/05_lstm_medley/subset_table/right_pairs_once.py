from collections import Counter


def subset_table(subset, instrument_id, song_id, n_classes):
    clips = Counter(zip(subset.tolist(), instrument_id.tolist()))
    songs = Counter((s, c) for s, c, _ in set(zip(subset.tolist(), instrument_id.tolist(), song_id.tolist())))
    table = {}
    for s in ("training", "validation", "test"):
        table[s] = {
            "clips": np.array([clips[s, c] for c in range(n_classes)]),
            "songs": np.array([songs[s, c] for c in range(n_classes)]),
        }
    return table
