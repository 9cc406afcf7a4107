# wrong: every recording has as many windows, in order
# message: right shape, but|right value|values are off
def average_by_recording(proba, recording):
    ids = np.unique(recording)
    n = len(proba) // len(ids)
    return ids, proba[: n * len(ids)].reshape(len(ids), n, -1).mean(axis=1)
