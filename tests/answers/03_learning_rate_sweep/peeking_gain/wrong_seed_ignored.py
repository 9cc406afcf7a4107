# wrong: the seed is not used
# message: different results
def peeking_gain(n_models, n_test, accuracy, n_trials, seed):
    rng = np.random.default_rng()
    scores = rng.binomial(n_test, accuracy, size=(n_trials, n_models)) / n_test
    return np.mean(scores.max(axis=1) - accuracy)
