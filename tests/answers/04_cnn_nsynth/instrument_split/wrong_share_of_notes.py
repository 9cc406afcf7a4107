# wrong: notes are counted until the share is reached, not instruments
# message: count instruments, not notes
def instrument_split(instruments, families, test_share, seed):
    rng = np.random.default_rng(seed)
    held_out = []
    for family in np.unique(families):
        mine = instruments[families == family]
        names, counts = np.unique(mine, return_counts=True)
        order = rng.permutation(len(names))
        taken = 0
        for i in order[: len(names) - 1]:
            held_out.append(names[i])
            taken += counts[i]
            if taken >= test_share * len(mine):
                break
    in_test = np.isin(instruments, held_out)
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)
