# wrong: the generator is made anew for each model, so every model has the same luck
# message: does not grow with the number of models|single model
def peeking_gain(n_models, n_test, accuracy, n_trials, seed):
    scores = [np.random.default_rng(seed).binomial(n_test, accuracy, n_trials) / n_test for _ in range(n_models)]
    return np.mean(np.max(scores, axis=0) - accuracy)
