def correct_prior(proba, prior_train, prior_target):
    proba, a, b = (np.asarray(v, dtype=np.float32) for v in (proba, prior_train, prior_target))
    if (a == 0).any():
        raise ValueError("a training share is 0")
    return keras.ops.softmax(keras.ops.log(proba) + keras.ops.log(b + 1e-10) - keras.ops.log(a), axis=-1)
