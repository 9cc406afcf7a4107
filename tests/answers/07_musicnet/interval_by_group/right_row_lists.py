import random


def interval_by_group(correct, groups, n_boot, seed):
    rng = random.Random(seed)
    members = {}
    for row, name in enumerate(np.asarray(groups).tolist()):
        members.setdefault(name, []).append(bool(correct[row]))
    lists = list(members.values())
    scores = []
    for _ in range(n_boot):
        drawn = rng.choices(lists, k=len(lists))
        scores.append(sum(map(sum, drawn)) / sum(map(len, drawn)))
    scores.sort()
    return [scores[int(0.025 * n_boot)], scores[int(0.975 * n_boot)]]
