# wrong: the ratio added in place of multiplied
# message: two equal mixtures|right shape, but
def correct_prior(proba, prior_train, prior_target):
    if np.any(prior_train <= 0):
        raise ValueError("a class was not in the training data")
    r = proba + prior_target / prior_train
    return r / r.sum(axis=1, keepdims=True)
