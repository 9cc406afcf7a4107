def describe_data(X, y, groups):
    labels = []
    for label in y:
        if hasattr(label, "__len__") and not isinstance(label, str):
            label = label[0]
        labels.append(label.item() if hasattr(label, "item") else label)
    counts = {}
    for label in labels:
        counts[label] = counts.get(label, 0) + 1
    seen = []
    for group in groups:
        if group not in seen:
            seen.append(group)
    return {
        "n_items": len(X),
        "n_features": len(X[0]),
        "n_classes": len(counts),
        "n_groups": len(seen),
        "majority_share": max(counts.values()) / len(labels),
        "counts": counts,
    }
