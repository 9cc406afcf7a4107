def shortcut_accuracy(keys, labels, groups):
    names, y = np.unique(labels, return_inverse=True)
    _, k = np.unique(keys, return_inverse=True)
    _, g = np.unique(groups, return_inverse=True)
    hot = np.eye(len(names), dtype=int)[y]
    alike = (k[:, None] == k[None]) & (g[:, None] != g[None])
    others = g[:, None] != g[None]
    counts = alike.astype(int) @ hot
    counts = np.where(counts.sum(axis=1, keepdims=True) > 0, counts, others.astype(int) @ hot)
    return (counts.argmax(axis=1) == y).mean()
