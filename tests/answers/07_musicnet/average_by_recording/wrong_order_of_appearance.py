# wrong: recordings in the order in which they appear
# message: ids has the right shape
def average_by_recording(proba, recording):
    ids = list(dict.fromkeys(recording.tolist()))
    return np.array(ids), np.array([proba[recording == number].mean(axis=0) for number in ids])
