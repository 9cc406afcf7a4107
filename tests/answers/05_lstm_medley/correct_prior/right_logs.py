def correct_prior(proba, prior_train, prior_target):
    if min(prior_train) <= 0:
        raise ValueError("a class was never trained")
    with np.errstate(divide="ignore"):
        logits = np.log(proba) + np.log(prior_target) - np.log(prior_train)
    logits = logits - logits.max(axis=1, keepdims=True)
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
