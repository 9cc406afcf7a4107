# wrong: a row whose key nobody else has is wrong
# message: each once
def shortcut_accuracy(keys, labels, groups):
    keys, labels, groups = np.asarray(keys), np.asarray(labels), np.asarray(groups)
    right = 0
    for i in range(len(keys)):
        names, counts = np.unique(labels[(keys == keys[i]) & (groups != groups[i])], return_counts=True)
        right += len(names) > 0 and names[counts.argmax()] == labels[i]
    return right / len(keys)
