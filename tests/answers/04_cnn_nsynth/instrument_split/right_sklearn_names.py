from sklearn.model_selection import train_test_split


def instrument_split(instruments, families, test_share, seed):
    train, test = [], []
    for family in np.unique(families):
        names = np.unique(instruments[families == family])
        if len(names) == 1:
            chosen = []
        else:
            size = min(max(int(np.floor(test_share * len(names))), 1), len(names) - 1)
            _, chosen = train_test_split(names, test_size=size, random_state=seed)
        for i in np.flatnonzero(families == family):
            (test if instruments[i] in chosen else train).append(int(i))
    return train, test
