def describe_data(X, y, groups):
    names, counts = np.unique(y, return_counts=True)
    return {
        "n_items": len(X),
        "n_features": X.shape[1],
        "n_classes": len(names),
        "n_groups": np.unique(groups).size,
        "majority_share": max(counts) / len(X),
        "counts": dict(zip(names, counts)),
    }
