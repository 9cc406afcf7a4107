import math
import random


def train_online(X, y, X_test, classes, n_epochs, batch_size, seed):
    # Everything but the classifier in plain Python.
    rows, labels = X.tolist(), y.tolist()
    means, sds = [], []
    for column in zip(*rows):
        mean = sum(column) / len(column)
        means.append(mean)
        sds.append(math.sqrt(sum((v - mean) ** 2 for v in column) / (len(column) - 1)) or 1.0)
    scaled = lambda table: [[(v - m) / s for v, m, s in zip(row, means, sds)] for row in table]
    Z, places, draw = scaled(rows), list(range(len(rows))), random.Random(seed)
    model = SGDClassifier(loss="log_loss", random_state=seed)
    for _ in range(n_epochs):
        draw.shuffle(places)
        for start in range(0, len(places), batch_size):
            batch = places[start : start + batch_size]
            model.partial_fit([Z[i] for i in batch], [labels[i] for i in batch], classes=list(classes))
    return list(model.predict(scaled(X_test.tolist())))
