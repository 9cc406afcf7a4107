def peeking_gain(n_models, n_test, accuracy, n_trials, seed):
    rng = np.random.default_rng(seed)
    gains = []
    for trial in range(n_trials):
        best = max(rng.binomial(n_test, accuracy) / n_test for model in range(n_models))
        gains.append(best - accuracy)
    return sum(gains) / len(gains)
