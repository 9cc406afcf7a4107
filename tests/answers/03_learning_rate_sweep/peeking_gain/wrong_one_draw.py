# wrong: one draw shared by all models
# message: does not grow with the number of models
def peeking_gain(n_models, n_test, accuracy, n_trials, seed):
    rng = np.random.default_rng(seed)
    scores = rng.binomial(n_test, accuracy, size=(n_trials, 1)) / n_test
    return np.mean(np.max(np.repeat(scores, n_models, axis=1), axis=1) - accuracy)
