import math


def nearest_distance(X_train, X_test):
    train = [[float(v) for v in row] for row in X_train]
    columns = list(zip(*train, strict=True))
    means = [math.fsum(column) / len(column) for column in columns]
    sds = [math.sqrt(math.fsum((v - m) ** 2 for v in c) / len(c)) for c, m in zip(columns, means, strict=True)]

    def scale(row):
        return [(float(v) - m) / s for v, m, s in zip(row, means, sds, strict=True)]

    train = [scale(row) for row in train]
    return [min(math.dist(point, other) for other in train) for point in map(scale, X_test)]
