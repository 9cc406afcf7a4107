# wrong: windows of a recording are thought to stand together
# message: values are off
def average_by_recording(proba, recording):
    ids, first = np.unique(recording, return_index=True)
    bounds = np.append(np.sort(first), len(recording))
    return ids, np.array([proba[a:b].mean(axis=0) for a, b in zip(bounds[:-1], bounds[1:])])
