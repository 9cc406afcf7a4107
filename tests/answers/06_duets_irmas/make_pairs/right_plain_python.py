from random import Random


def make_pairs(labels, songs, n_pairs, seed):
    draw, by_labels = Random(seed), {}
    clips = list(zip(labels.tolist(), songs.tolist()))
    for i, (label_i, song_i) in enumerate(clips):
        for j in range(i):
            label_j, song_j = clips[j]
            if label_i != label_j and song_i != song_j:
                by_labels.setdefault(frozenset([label_i, label_j]), []).append([j, i])
    piles = list(by_labels.values())
    for pile in piles:
        draw.shuffle(pile)
    return [piles[n % len(piles)].pop() for n in range(n_pairs)]
