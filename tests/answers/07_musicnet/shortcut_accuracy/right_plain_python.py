def shortcut_accuracy(keys, labels, groups):
    keys, labels, groups = keys.tolist(), labels.tolist(), groups.tolist()
    rows = range(len(labels))

    def guess(allowed):
        counts = {}
        for i in allowed:
            counts[labels[i]] = counts.get(labels[i], 0) + 1
        return min(counts, key=lambda label: (-counts[label], label))

    right = 0
    for i in rows:
        others = [j for j in rows if groups[j] != groups[i]]
        alike = [j for j in others if keys[j] == keys[i]]
        right += guess(alike or others) == labels[i]
    return right / len(labels)
