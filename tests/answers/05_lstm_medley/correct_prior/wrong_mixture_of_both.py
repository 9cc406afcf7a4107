# wrong: the target mixture is mixed in by half
# message: right shape, but|share 0 should have probability 0|two equal
def correct_prior(proba, prior_train, prior_target):
    if np.any(prior_train <= 0):
        raise ValueError("a class was not in the training data")
    r = proba * prior_target / prior_train
    r = r / r.sum(axis=1, keepdims=True)
    return (r + prior_target) / 2
