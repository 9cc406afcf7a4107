from random import Random


def instrument_split(instruments, families, test_share, seed):
    family_of = dict(zip(map(str, instruments), map(str, families)))
    draw, test = Random(seed), set()
    for family in sorted(set(family_of.values())):
        names = sorted(name for name in family_of if family_of[name] == family)
        draw.shuffle(names)
        if len(names) > 1:
            n = int(test_share * len(names) + 0.5)
            test.update(names[: min(max(n, 1), len(names) - 1)])
    train_idx, test_idx = [], []
    for row, name in enumerate(instruments):
        if str(name) in test:
            test_idx.append(row)
        else:
            train_idx.append(row)
    return train_idx, test_idx
