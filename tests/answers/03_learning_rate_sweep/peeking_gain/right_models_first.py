def peeking_gain(n_models, n_test, accuracy, n_trials, seed):
    rng = np.random.RandomState(seed)
    reported = np.max([rng.binomial(n_test, accuracy, n_trials) for _ in range(n_models)], axis=0)
    return np.mean(reported) / n_test - accuracy
