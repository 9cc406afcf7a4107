# wrong: the deviation of the scores in place of the gain
# message: single model|does not grow
def peeking_gain(n_models, n_test, accuracy, n_trials, seed):
    rng = np.random.default_rng(seed)
    scores = rng.binomial(n_test, accuracy, size=(n_trials, n_models)) / n_test
    return scores.std()
