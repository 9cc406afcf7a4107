# wrong: one random split instead of leaving out each group
# message: order of the rows|another order|not the right value
def shortcut_accuracy(keys, labels, groups):
    keys, labels = np.asarray(keys), np.asarray(labels)
    train = np.random.default_rng(0).random(len(keys)) < 0.8
    if train.all() or not train.any():
        train = np.arange(len(keys)) % 2 == 0
    right = []
    for i in np.flatnonzero(~train):
        same = train & (keys == keys[i])
        names, counts = np.unique(labels[same if same.any() else train], return_counts=True)
        right.append(names[counts.argmax()] == labels[i])
    return float(np.mean(right))
