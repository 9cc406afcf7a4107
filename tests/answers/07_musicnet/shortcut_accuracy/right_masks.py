def shortcut_accuracy(keys, labels, groups):
    keys, labels, groups = map(np.asarray, (keys, labels, groups))
    hits = []
    for i in range(len(keys)):
        pool = labels[(keys == keys[i]) & (groups != groups[i])]
        if len(pool) == 0:
            pool = labels[groups != groups[i]]
        names, n = np.unique(pool, return_counts=True)
        hits.append(names[n.argmax()] == labels[i])
    return np.mean(hits)
