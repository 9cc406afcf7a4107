from collections import Counter


def label_set_dummy(Y_train, Y_test):
    counts = Counter(tuple(int(v) for v in row) for row in Y_train)
    top = max(counts.values())
    best = min(row for row, n in counts.items() if n == top)
    return sum(tuple(int(v) for v in row) == best for row in Y_test) / len(Y_test)
