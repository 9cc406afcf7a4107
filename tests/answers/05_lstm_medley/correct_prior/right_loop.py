def correct_prior(proba, prior_train, prior_target):
    result = []
    for row in proba:
        new = []
        for p, a, b in zip(row, prior_train, prior_target):
            if a == 0:
                raise ValueError("a class is missing from the training data")
            new.append(p * b / a)
        result.append([v / sum(new) for v in new])
    return result
