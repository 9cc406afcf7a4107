def peeking_gain(n_models, n_test, accuracy, n_trials, seed):
    np.random.seed(seed)
    total = 0
    for _ in range(n_trials):
        right = np.random.rand(n_models, n_test) < accuracy
        total += right.mean(axis=1).max() - accuracy
    return total / n_trials
