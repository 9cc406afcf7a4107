# wrong: not divided by the sum
# message: each row of the result should sum to 1
def correct_prior(proba, prior_train, prior_target):
    if np.any(prior_train <= 0):
        raise ValueError("a class was not in the training data")
    return proba * prior_target / prior_train
