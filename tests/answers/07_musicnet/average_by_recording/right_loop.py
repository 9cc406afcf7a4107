def average_by_recording(proba, recording):
    ids = sorted(set(recording.tolist()))
    means = [proba[recording == number].mean(0) for number in ids]
    return ids, means
