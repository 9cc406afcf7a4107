# wrong: the ids are not returned
# message: ids
def average_by_recording(proba, recording):
    return np.array([proba[recording == number].mean(axis=0) for number in np.unique(recording)])
