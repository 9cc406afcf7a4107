# wrong: the rule is made from the test notes
# message: made from test notes
def metadata_score(source_train, family_train, source_test, family_test):
    def mode(names):
        values, counts = np.unique(names, return_counts=True)
        return values[counts.argmax()]

    rule = {source: mode(family_test[source_test == source]) for source in np.unique(source_test)}
    otherwise = mode(family_train)
    guesses = np.array([rule.get(source, otherwise) for source in source_test])
    return float(np.mean(guesses == family_test))
