# wrong: the last family seen with a source, not the most frequent one
# message: right form but not the right value
def metadata_score(source_train, family_train, source_test, family_test):
    rule = dict(zip(source_train, family_train))
    values, counts = np.unique(family_train, return_counts=True)
    guesses = [rule.get(s, values[counts.argmax()]) for s in source_test]
    return np.mean(np.array(guesses) == family_test)
