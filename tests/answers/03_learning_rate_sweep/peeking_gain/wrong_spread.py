# wrong: best minus worst
# message: does not shrink|not the mean gain|too large
def peeking_gain(n_models, n_test, accuracy, n_trials, seed):
    rng = np.random.default_rng(seed)
    scores = rng.binomial(n_test, accuracy, size=(n_trials, n_models)) / n_test
    return np.mean(scores.max(axis=1) - scores.min(axis=1))
