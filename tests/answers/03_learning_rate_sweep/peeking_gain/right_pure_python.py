import random


def peeking_gain(n_models, n_test, accuracy, n_trials, seed):
    rng = random.Random(seed)
    gains = []
    for _trial in range(n_trials):
        best = 0
        for _model in range(n_models):
            n_right = 0
            for _item in range(n_test):
                if rng.random() < accuracy:
                    n_right += 1
            best = max(best, n_right)
        gains.append(best / n_test - accuracy)
    return sum(gains) / len(gains)
