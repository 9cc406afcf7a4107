# wrong: rows and columns of X swapped
# message: n_items
def describe_data(X, y, groups):
    names, counts = np.unique(np.ravel(y), return_counts=True)
    return {
        "n_items": X.shape[1],
        "n_features": X.shape[0],
        "n_classes": len(names),
        "n_groups": len(set(groups)),
        "majority_share": counts.max() / len(X),
        "counts": dict(zip(names.tolist(), counts.tolist())),
    }
