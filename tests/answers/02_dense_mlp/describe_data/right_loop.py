def describe_data(X, y, groups):
    # TODO 1
    counts = {}
    for label in y:
        label = label[0] if isinstance(label, np.ndarray) else label
        counts[label] = counts.get(label, 0) + 1
    n, d = np.shape(X)
    return {"n_items": n, "n_features": d, "n_classes": len(counts), "n_groups": len(set(list(groups))),
            "majority_share": np.float64(max(counts.values())) / n, "counts": counts, "extra": "ignored"}
