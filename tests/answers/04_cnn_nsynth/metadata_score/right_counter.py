from collections import Counter


def metadata_score(source_train, family_train, source_test, family_test):
    overall = Counter(family_train).most_common(1)[0][0]
    by_source = {}
    for s, f in zip(source_train, family_train):
        by_source.setdefault(s, Counter())[f] += 1
    right = 0
    for s, f in zip(source_test, family_test):
        guess = by_source[s].most_common(1)[0][0] if s in by_source else overall
        right += guess == f
    return right / len(family_test)
