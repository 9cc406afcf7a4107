def correct_prior(proba, prior_train, prior_target):
    if (np.array(prior_train) == 0).any():
        raise ValueError("prior_train has a class with share 0")
    factor = np.array(prior_target) / np.array(prior_train)
    q = proba * factor[None, :]
    return q / q.sum(1)[:, None]
