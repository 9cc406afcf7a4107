def correct_prior(proba, prior_train, prior_target):
    proba, a, b = np.asarray(proba, float), np.asarray(prior_train, float), np.asarray(prior_target, float)
    factor = np.divide(b, a, out=np.zeros_like(a), where=a > 0)  # a class that was never trained: 0
    corrected = proba * factor
    return corrected / corrected.sum(axis=1, keepdims=True)
