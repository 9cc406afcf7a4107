def metadata_score(source_train, family_train, source_test, family_test):
    def mode(x):
        v, n = np.unique(x, return_counts=True)
        return v[np.argmax(n)]

    pred = np.full(len(source_test), mode(family_train), dtype=object)
    for s in np.unique(source_train):
        pred[source_test == s] = mode(family_train[source_train == s])
    return np.count_nonzero(pred == family_test) / pred.size
