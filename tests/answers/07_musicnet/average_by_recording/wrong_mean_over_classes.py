# wrong: one number a recording
# message: should have shape
def average_by_recording(proba, recording):
    ids = np.unique(recording)
    return ids, np.array([proba[recording == number].mean() for number in ids])
