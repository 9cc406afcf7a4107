def top_k(scores, k):
    rows = []
    for values in np.asarray(scores).tolist():
        chosen = sorted(range(len(values)), key=lambda c: -values[c])[:k]
        rows.append([1 if c in chosen else 0 for c in range(len(values))])
    return np.array(rows)
