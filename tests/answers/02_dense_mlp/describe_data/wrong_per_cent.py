# wrong: a share given in per cent
# message: a share and not per cent
def describe_data(X, y, groups):
    names, counts = np.unique(np.ravel(y), return_counts=True)
    return {
        "n_items": len(X),
        "n_features": X.shape[1],
        "n_classes": len(names),
        "n_groups": len(set(groups)),
        "majority_share": 100 * counts.max() / len(X),
        "counts": dict(zip(names.tolist(), counts.tolist())),
    }
