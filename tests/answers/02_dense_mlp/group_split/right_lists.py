import random


def group_split(groups, test_share, seed):
    names = sorted(set(groups.tolist()))
    n_test = round(test_share * len(names)) or 1
    held_out = set(random.Random(seed).sample(names, n_test))
    train, test = [], []
    for i, name in enumerate(groups):
        if name in held_out:
            test.append(i)
        else:
            train.append(i)
    return train, test
