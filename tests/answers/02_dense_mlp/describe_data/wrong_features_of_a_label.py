# wrong: the number of features taken from the wrong array
# message: n_features
def describe_data(X, y, groups):
    names, counts = np.unique(np.ravel(y), return_counts=True)
    return {
        "n_items": len(X),
        "n_features": len(y),
        "n_classes": len(names),
        "n_groups": len(set(groups)),
        "majority_share": counts.max() / len(X),
        "counts": dict(zip(names.tolist(), counts.tolist())),
    }
