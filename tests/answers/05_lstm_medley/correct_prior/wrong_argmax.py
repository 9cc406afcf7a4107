# wrong: the class in place of its probability
# message: should have shape
def correct_prior(proba, prior_train, prior_target):
    if np.any(prior_train <= 0):
        raise ValueError("a class was not in the training data")
    r = proba * prior_target / prior_train
    return r.argmax(axis=1)
