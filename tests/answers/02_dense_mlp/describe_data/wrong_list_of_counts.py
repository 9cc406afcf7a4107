# wrong: counts is a list without the labels
# message: counts should be a dict
def describe_data(X, y, groups):
    names, counts = np.unique(np.ravel(y), return_counts=True)
    return {
        "n_items": len(X),
        "n_features": X.shape[1],
        "n_classes": len(names),
        "n_groups": len(set(groups)),
        "majority_share": counts.max() / len(X),
        "counts": counts.tolist(),
    }
