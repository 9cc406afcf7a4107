# wrong: one trial in place of the mean over many
# message: single model|different|not the mean gain|does not
def peeking_gain(n_models, n_test, accuracy, n_trials, seed):
    rng = np.random.default_rng(seed)
    scores = rng.binomial(n_test, accuracy, size=(n_trials, n_models)) / n_test
    return scores[0].max() - accuracy
