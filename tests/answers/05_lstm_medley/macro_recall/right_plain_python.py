def macro_recall(cm):
    shares = []
    for c, row in enumerate(cm.tolist()):
        if any(row):
            shares.append(row[c] / sum(row))
    return sum(shares) / len(shares)
