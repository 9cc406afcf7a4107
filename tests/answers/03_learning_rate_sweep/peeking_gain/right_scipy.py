def peeking_gain(n_models, n_test, accuracy, n_trials, seed):
    counts = stats.binom.rvs(n_test, accuracy, size=(n_models, n_trials), random_state=seed)
    return (counts / n_test).max(0).mean() - accuracy
