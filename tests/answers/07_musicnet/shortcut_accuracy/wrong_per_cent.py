# wrong: per cent
# message: not per cent
def shortcut_accuracy(keys, labels, groups):
    keys, labels, groups = np.asarray(keys), np.asarray(labels), np.asarray(groups)
    hits = []
    for i in range(len(keys)):
        rest = groups != groups[i]
        same = rest & (keys == keys[i])
        names, counts = np.unique(labels[same if same.any() else rest], return_counts=True)
        hits.append(names[counts.argmax()] == labels[i])
    return 100 * np.mean(hits)
