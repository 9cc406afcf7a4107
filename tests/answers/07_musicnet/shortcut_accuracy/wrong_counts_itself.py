# wrong: each row is counted for itself
# message: counted itself|looked at the row itself
def shortcut_accuracy(keys, labels, groups):
    keys, labels, groups = np.asarray(keys), np.asarray(labels), np.asarray(groups)
    right = 0
    for i in range(len(keys)):
        names, counts = np.unique(labels[keys == keys[i]], return_counts=True)
        right += names[counts.argmax()] == labels[i]
    return right / len(keys)
