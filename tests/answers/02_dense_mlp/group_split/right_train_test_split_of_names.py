from sklearn.model_selection import train_test_split


def group_split(groups, test_share, seed):
    names = np.unique(groups)
    _, test_names = train_test_split(names, test_size=max(1, round(test_share * names.size)), random_state=seed)
    rows = np.arange(len(groups))
    in_test = np.array([g in test_names for g in groups])
    return rows[~in_test], rows[in_test]
