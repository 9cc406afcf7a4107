def average_by_recording(proba, recording):
    ids, place, count = np.unique(recording, return_inverse=True, return_counts=True)
    sums = np.zeros((len(ids), proba.shape[1]))
    np.add.at(sums, place, proba)
    return ids, sums / count[:, None]
