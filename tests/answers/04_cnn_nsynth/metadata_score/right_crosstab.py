def metadata_score(source_train, family_train, source_test, family_test):
    table = pd.crosstab(source_train, family_train)
    best = table.idxmax(axis=1)
    majority = table.sum(axis=0).idxmax()
    answers = [best[s] if s in best.index else majority for s in source_test]
    return np.mean(np.array(answers) == np.asarray(family_test))
