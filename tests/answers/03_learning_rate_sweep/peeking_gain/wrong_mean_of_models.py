# wrong: mean over the models: nobody chose anything
# message: does not grow with the number of models
def peeking_gain(n_models, n_test, accuracy, n_trials, seed):
    rng = np.random.default_rng(seed)
    scores = rng.binomial(n_test, accuracy, size=(n_trials, n_models)) / n_test
    return np.mean(scores.mean(axis=1) - accuracy)
