# wrong: the groups are counted in place of the labels
# message: groups as its keys
def describe_data(X, y, groups):
    names, counts = np.unique(np.ravel(y), return_counts=True)
    return {
        "n_items": len(X),
        "n_features": X.shape[1],
        "n_classes": len(names),
        "n_groups": len(set(groups)),
        "majority_share": counts.max() / len(X),
        "counts": {g: list(groups).count(g) for g in set(groups)},
    }
