# wrong: missing (None) gradients counted as dead
# message: missing \(None\)
def dead_weights(n_steps, n_features, units, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [keras.Input((n_steps, n_features)), keras.layers.LSTM(units), keras.layers.Dense(5, activation="softmax")]
    )
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(16, n_steps, n_features)).astype("float32")
    classes = rng.integers(5, size=16)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(classes, model.predict(x, verbose=0)))
    variables = model.layers[0].trainable_weights
    gradients = tape.gradient(loss, variables)
    names = ("kernel", "recurrent_kernel", "bias")
    gradients = [np.zeros(v.shape) if g is None else np.asarray(g) for g, v in zip(gradients, variables)]
    return {n: float(np.mean(g == 0)) for n, g in zip(names, gradients)}
