# wrong: rows are split at random, whatever their group
# message: stand[s]? on both sides
from sklearn.model_selection import train_test_split


def group_split(groups, test_share, seed):
    return train_test_split(np.arange(len(groups)), test_size=test_share, random_state=seed)
