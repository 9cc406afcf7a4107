from sklearn.model_selection import GroupShuffleSplit


def group_split(groups, test_share, seed):
    n_test = max(round(test_share * len(set(groups))), 1)
    splitter = GroupShuffleSplit(n_splits=1, test_size=n_test, random_state=seed)
    train_idx, test_idx = next(splitter.split(np.zeros(len(groups)), groups=groups))
    return train_idx, test_idx
