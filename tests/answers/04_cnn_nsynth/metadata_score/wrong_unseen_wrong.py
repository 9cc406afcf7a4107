# wrong: a note of an unseen source is always wrong
# message: what does the rule say for them
def metadata_score(source_train, family_train, source_test, family_test):
    def mode(names):
        values, counts = np.unique(names, return_counts=True)
        return values[counts.argmax()]

    rule = {source: mode(family_train[source_train == source]) for source in np.unique(source_train)}
    otherwise = mode(family_train)
    guesses = np.array([rule.get(source, "") for source in source_test])
    return float(np.mean(guesses == family_test))
