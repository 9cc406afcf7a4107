from collections import Counter


def shortcut_accuracy(keys, labels, groups):
    rows = list(zip(keys, labels, groups))
    right = 0
    for key, label, group in rows:
        outside = [(k, l) for k, l, g in rows if g != group]
        counts = Counter(l for k, l in outside if k == key) or Counter(l for _, l in outside)
        guess = sorted(counts, key=lambda name: (-counts[name], name))[0]
        right += guess == label
    return right / len(rows)
