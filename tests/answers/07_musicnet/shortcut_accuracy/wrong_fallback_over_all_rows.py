# wrong: the fallback counts the row itself
# message: of 9|value|looked at|majority
def shortcut_accuracy(keys, labels, groups):
    keys, labels, groups = np.asarray(keys), np.asarray(labels), np.asarray(groups)
    right = 0
    for i in range(len(keys)):
        same = (keys == keys[i]) & (groups != groups[i])
        names, counts = np.unique(labels[same] if same.any() else labels, return_counts=True)
        right += names[counts.argmax()] == labels[i]
    return right / len(keys)
