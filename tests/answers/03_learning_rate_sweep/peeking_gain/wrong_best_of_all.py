# wrong: the best over all trials
# message: single model the mean gain should be about 0
def peeking_gain(n_models, n_test, accuracy, n_trials, seed):
    rng = np.random.default_rng(seed)
    scores = rng.binomial(n_test, accuracy, size=(n_trials, n_models)) / n_test
    return scores.max() - accuracy
