def top_k(scores, k):
    table = []
    for row in scores:
        said = [0] * len(row)
        for _ in range(k):
            best = None
            for c, score in enumerate(row):
                if not said[c] and (best is None or score > row[best]):
                    best = c
            said[best] = 1
        table.append(said)
    return table
