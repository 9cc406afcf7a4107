import random


def group_split(groups, test_share, seed):
    names = sorted(set(str(g) for g in groups))
    n_test = max(1, round(test_share * len(names)))
    chosen = set(random.Random(seed).sample(names, n_test))
    train, test = [], []
    for row, group in enumerate(groups):
        (test if str(group) in chosen else train).append(row)
    return train, test
