def correct_prior(proba, prior_train, prior_target):
    if np.any(np.asarray(prior_train) == 0):
        raise ValueError("prior_train is 0 for a class: it was never seen")
    tiny = 1e-12
    logits = np.log(proba + tiny) + np.log(prior_target + tiny) - np.log(prior_train + tiny)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)
