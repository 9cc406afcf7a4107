# wrong: votes instead of probabilities
# message: shares of votes|values are off
def average_by_recording(proba, recording):
    ids = np.unique(recording)
    hot = np.eye(proba.shape[1])[proba.argmax(axis=1)]
    return ids, np.array([hot[recording == number].mean(axis=0) for number in ids])
