# wrong: divided by the sum over the clips
# message: sum to 1|not by one over the clips
def correct_prior(proba, prior_train, prior_target):
    if np.any(prior_train <= 0):
        raise ValueError("a class was not in the training data")
    r = proba * prior_target / prior_train
    return r / r.sum(axis=0)
