import random


def instrument_split(instruments, families, test_share, seed):
    rng = random.Random(int(seed))
    family_of = {str(i): str(f) for i, f in zip(instruments, families)}
    members = {}
    for name in sorted(family_of):
        members.setdefault(family_of[name], []).append(name)
    test = set()
    for names in members.values():
        if len(names) >= 2:
            n = max(1, min(len(names) - 1, round(test_share * len(names))))
            test |= set(rng.sample(names, n))
    rows = range(len(instruments))
    return [i for i in rows if str(instruments[i]) not in test], [i for i in rows if str(instruments[i]) in test]
