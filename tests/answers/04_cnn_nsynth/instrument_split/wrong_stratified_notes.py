# wrong: stratified by family, but note by note
# message: on both sides
from sklearn.model_selection import train_test_split


def instrument_split(instruments, families, test_share, seed):
    rows = np.arange(len(instruments))
    return train_test_split(rows, test_size=test_share, stratify=families, random_state=seed)
