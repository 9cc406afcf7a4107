import random


def interval_by_group(correct, groups, n_boot, seed):
    right, total = {}, {}
    for hit, name in zip(correct.tolist(), groups.tolist()):
        right[name] = right.get(name, 0) + hit
        total[name] = total.get(name, 0) + 1
    pairs, draw, accuracies = [(right[name], total[name]) for name in sorted(total)], random.Random(seed), []
    for _ in range(n_boot):
        hits = windows = 0
        for h, n in draw.choices(pairs, k=len(pairs)):
            hits += h
            windows += n
        accuracies.append(hits / windows)
    accuracies.sort()
    ends = []
    for share in (0.025, 0.975):
        place = share * (n_boot - 1)
        below = int(place)
        above = min(below + 1, n_boot - 1)
        ends.append(accuracies[below] + (place - below) * (accuracies[above] - accuracies[below]))
    return tuple(ends)
