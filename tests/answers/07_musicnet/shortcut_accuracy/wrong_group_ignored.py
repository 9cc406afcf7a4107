# wrong: always leaves out the row alone, never its whole group
# message: `groups` is not used
def shortcut_accuracy(keys, labels, groups):
    keys, labels, groups = np.asarray(keys), np.asarray(labels), np.asarray(groups)
    right = 0
    for i in range(len(keys)):
        rest = np.arange(len(keys)) != i
        same = rest & (keys == keys[i])
        names, counts = np.unique(labels[same if same.any() else rest], return_counts=True)
        right += names[counts.argmax()] == labels[i]
    return right / len(keys)
