import random


def make_pairs(labels, songs, n_pairs, seed):
    own = random.Random(seed)
    clips = {}
    for row, label in enumerate(labels.tolist()):
        clips.setdefault(label, []).append(row)
    kinds = list(itertools.combinations(sorted(clips), 2))
    result = []
    for place, (a, b) in enumerate(kinds):
        allowed = [(i, j) for i in clips[a] for j in clips[b] if songs[i] != songs[j]]
        result += own.sample(allowed, n_pairs // len(kinds) + (place < n_pairs % len(kinds)))
    own.shuffle(result)
    return np.array(result, dtype=np.int32)
