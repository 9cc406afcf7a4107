# wrong: one family for all, whatever the source
# message: is one guessed for all
def metadata_score(source_train, family_train, source_test, family_test):
    def mode(names):
        values, counts = np.unique(names, return_counts=True)
        return values[counts.argmax()]

    rule = {source: mode(family_train[source_train == source]) for source in np.unique(source_train)}
    otherwise = mode(family_train)
    guesses = np.array([otherwise for source in source_test])
    return float(np.mean(guesses == family_test))
