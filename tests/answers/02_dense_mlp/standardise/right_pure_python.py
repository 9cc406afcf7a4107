import math


def standardise(X_train, X_test):
    train, test = [[float(v) for v in row] for row in X_train], [[float(v) for v in row] for row in X_test]
    n = len(train)
    means, deviations = [], []
    for column in zip(*train, strict=True):
        mean = math.fsum(column) / n
        sd = math.sqrt(math.fsum((v - mean) ** 2 for v in column) / n)
        means.append(mean)
        deviations.append(sd if sd > 0 else 1.0)

    def scaled(rows):
        return [[(v - m) / s for v, m, s in zip(row, means, deviations, strict=True)] for row in rows]

    return scaled(train), scaled(test)
