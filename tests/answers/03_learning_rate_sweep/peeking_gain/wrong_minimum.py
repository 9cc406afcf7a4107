# wrong: the worst in place of the best
# message: does not grow
def peeking_gain(n_models, n_test, accuracy, n_trials, seed):
    rng = np.random.default_rng(seed)
    scores = rng.binomial(n_test, accuracy, size=(n_trials, n_models)) / n_test
    return np.mean(scores.min(axis=1) - accuracy)
