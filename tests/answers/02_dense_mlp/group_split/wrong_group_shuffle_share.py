# wrong: GroupShuffleSplit rounds the number of test groups up
# message: too many
from sklearn.model_selection import GroupShuffleSplit


def group_split(groups, test_share, seed):
    splitter = GroupShuffleSplit(n_splits=1, test_size=test_share, random_state=seed)
    return next(splitter.split(groups, groups=groups))
