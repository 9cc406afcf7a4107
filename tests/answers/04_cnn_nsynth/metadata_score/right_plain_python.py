def metadata_score(source_train, family_train, source_test, family_test):
    counts = {}
    for s, f in zip(source_train, family_train):
        for key in (str(s), None):
            counts.setdefault(key, {})
            counts[key][str(f)] = counts[key].get(str(f), 0) + 1
    right = 0
    for s, f in zip(source_test, family_test):
        of = counts[str(s)] if str(s) in counts else counts[None]
        right += str(f) == max(of, key=of.get)
    return right / len(family_test)
