# wrong: logarithms never turned back
# message: below 0|should sum to 1
def correct_prior(proba, prior_train, prior_target):
    if np.any(prior_train <= 0):
        raise ValueError("a class was not in the training data")
    with np.errstate(divide="ignore"):
        r = np.log(proba) + np.log(prior_target) - np.log(prior_train)
    return r / r.sum(axis=1, keepdims=True)
