# wrong: median
# message: medians
def average_by_recording(proba, recording):
    ids = np.unique(recording)
    return ids, np.array([np.median(proba[recording == number], axis=0) for number in ids])
