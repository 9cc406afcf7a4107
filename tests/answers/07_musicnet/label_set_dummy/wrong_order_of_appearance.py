# wrong: a tie goes to the set that appears first
# message: tie
from collections import Counter


def label_set_dummy(Y_train, Y_test):
    best = Counter(map(tuple, Y_train.tolist())).most_common(1)[0][0]
    return np.mean([tuple(row) == best for row in Y_test.tolist()])
