import math


def correct_prior(proba, prior_train, prior_target):
    factors = [b / a if a > 0 else 0.0 for a, b in zip(prior_train, prior_target)]
    table = []
    for row in proba:
        raised = [p * factor for p, factor in zip(row, factors)]
        whole = math.fsum(raised)
        table.append([value / whole for value in raised])
    return table
