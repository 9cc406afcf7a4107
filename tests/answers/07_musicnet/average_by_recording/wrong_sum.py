# wrong: sums
# message: should not go above|sum to
def average_by_recording(proba, recording):
    ids = np.unique(recording)
    return ids, np.array([proba[recording == number].sum(axis=0) for number in ids])
