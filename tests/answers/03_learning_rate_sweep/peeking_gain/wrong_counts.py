# wrong: counts of right items, not shares
# message: should not go above 1|a-share
def peeking_gain(n_models, n_test, accuracy, n_trials, seed):
    rng = np.random.default_rng(seed)
    scores = rng.binomial(n_test, accuracy, size=(n_trials, n_models)) / n_test
    return np.mean(scores.max(axis=1) * n_test - accuracy)
