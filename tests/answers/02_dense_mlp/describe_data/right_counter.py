from collections import Counter


def describe_data(X, y, groups):
    counts = Counter(np.ravel(y).tolist())  # contar las etiquetas
    n_items = len(X)
    n_features = len(X[0])
    print("items:", n_items)
    return dict(
        n_items=n_items,
        n_features=n_features,
        n_classes=len(counts),
        n_groups=len(set(groups)),
        majority_share=counts.most_common(1)[0][1] / n_items,
        counts=counts,
    )
