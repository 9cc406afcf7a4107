# wrong: only the target mixture is used
# message: two equal mixtures|are both used
def correct_prior(proba, prior_train, prior_target):
    if np.any(prior_train <= 0):
        raise ValueError("a class was not in the training data")
    r = proba * prior_target
    return r / r.sum(axis=1, keepdims=True)
