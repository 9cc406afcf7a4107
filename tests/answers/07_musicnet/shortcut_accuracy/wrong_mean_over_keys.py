# wrong: accuracy of each key, then their mean
# message: not the right value
def shortcut_accuracy(keys, labels, groups):
    keys, labels, groups = np.asarray(keys), np.asarray(labels), np.asarray(groups)
    right = []
    for i in range(len(keys)):
        rest = groups != groups[i]
        same = rest & (keys == keys[i])
        names, counts = np.unique(labels[same if same.any() else rest], return_counts=True)
        right.append(names[counts.argmax()] == labels[i])
    return np.mean([np.mean(np.array(right)[keys == key]) for key in np.unique(keys)])
