# wrong: test notes of an unseen source are left out
# message: NaN|notes of an unseen source
def metadata_score(source_train, family_train, source_test, family_test):
    def mode(names):
        values, counts = np.unique(names, return_counts=True)
        return values[counts.argmax()]

    rule = {source: mode(family_train[source_train == source]) for source in np.unique(source_train)}
    otherwise = mode(family_train)
    known = np.isin(source_test, list(rule))
    source_test, family_test = source_test[known], family_test[known]
    guesses = np.array([rule.get(source, otherwise) for source in source_test])
    return float(np.mean(guesses == family_test))
