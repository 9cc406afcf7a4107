# wrong: the weights of the Dense layer counted with the kernel
# message: the LSTM alone
def dead_weights(n_steps, n_features, units, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [keras.Input((n_steps, n_features)), keras.layers.LSTM(units), keras.layers.Dense(5, activation="softmax")]
    )
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(16, n_steps, n_features)).astype("float32")
    classes = rng.integers(5, size=16)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(classes, model(x)))
    variables = model.trainable_weights
    gradients = tape.gradient(loss, variables)
    names = ("kernel", "recurrent_kernel", "bias")
    flat = [np.ravel(g) for g in gradients]
    parts = [np.concatenate([flat[0], flat[3]]), flat[1], np.concatenate([flat[2], flat[4]])]
    return {n: float(np.mean(g == 0)) for n, g in zip(names, parts)}
