import math


def baselines(X_train, y_train, X_test, y_test):
    train, test = [[float(v) for v in row] for row in X_train], [[float(v) for v in row] for row in X_test]
    y_train, y_test = [str(label) for label in y_train], [str(label) for label in y_test]
    labels = sorted(set(y_train))
    columns = list(zip(*train, strict=True))
    means = [math.fsum(c) / len(c) for c in columns]
    sds = [math.sqrt(math.fsum((v - m) ** 2 for v in c) / len(c)) or 1.0 for c, m in zip(columns, means, strict=True)]

    def scale(rows):
        return [[(v - m) / s for v, m, s in zip(row, means, sds, strict=True)] for row in rows]

    def accuracy(guesses):
        return sum(guess == label for guess, label in zip(guesses, y_test, strict=True)) / len(y_test)

    train, test = scale(train), scale(test)
    majority = max(labels, key=y_train.count)
    nearest = []
    for row in test:
        distances = [math.dist(row, other) for other in train]
        nearest.append(y_train[distances.index(min(distances))])
    weights = _logistic(train, [labels.index(label) for label in y_train], len(labels))
    linear = [labels[_best(_scores(weights, row))] for row in test]
    return {"most_frequent": accuracy([majority] * len(y_test)), "logistic": accuracy(linear), "nearest": accuracy(nearest)}


def _scores(weights, row):
    return [w[-1] + math.sumprod(w[:-1], row) for w in weights]


def _best(scores):
    return scores.index(max(scores))


def _logistic(rows, targets, n_classes):
    """Gradient descent with momentum on the cross-entropy plus half the squared weights, as in LogisticRegression(C=1)."""
    n, d = len(rows), len(rows[0])
    weights = [[0.0] * (d + 1) for _ in range(n_classes)]
    moves = [[0.0] * (d + 1) for _ in range(n_classes)]
    for _ in range(40):
        slopes = [[w / n for w in weights[k][:-1]] + [0.0] for k in range(n_classes)]
        for row, target in zip(rows, targets, strict=True):
            scores = [math.exp(s) for s in _scores(weights, row)]
            total = sum(scores)
            for k in range(n_classes):
                error = (scores[k] / total - (k == target)) / n
                slope = slopes[k]
                for j in range(d):
                    slope[j] += error * row[j]
                slope[d] += error
        for k in range(n_classes):
            moves[k] = [0.8 * m - 0.8 * s for m, s in zip(moves[k], slopes[k], strict=True)]
            weights[k] = [w + m for w, m in zip(weights[k], moves[k], strict=True)]
    return weights
