# wrong: a new group is counted wherever the name changes from one row to the next
# message: n_groups
def describe_data(X, y, groups):
    names, counts = np.unique(np.ravel(y), return_counts=True)
    return {
        "n_items": len(X),
        "n_features": X.shape[1],
        "n_classes": len(names),
        "n_groups": 1 + int(np.sum(np.asarray(groups)[1:] != np.asarray(groups)[:-1])),
        "majority_share": counts.max() / len(X),
        "counts": dict(zip(names.tolist(), counts.tolist())),
    }
