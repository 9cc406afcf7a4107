# wrong: the largest label plus one is taken for the number of classes
# message: n_classes, the number of different labels
def describe_data(X, y, groups):
    names, counts = np.unique(np.ravel(y), return_counts=True)
    return {
        "n_items": len(X),
        "n_features": X.shape[1],
        "n_classes": np.max(y) + 1,
        "n_groups": len(set(groups)),
        "majority_share": counts.max() / len(X),
        "counts": dict(zip(names.tolist(), counts.tolist())),
    }
