# wrong: always one time step: the sequence is flattened
# message: counted as dead
def dead_weights(n_steps, n_features, units, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [keras.Input((1, n_steps * n_features)), keras.layers.LSTM(units), keras.layers.Dense(5, activation="softmax")]
    )
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(16, n_steps, n_features)).astype("float32")
    classes = rng.integers(5, size=16)
    x = x.reshape(16, 1, -1)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(classes, model(x)))
    variables = model.layers[0].trainable_weights
    gradients = tape.gradient(loss, variables)
    names = ("kernel", "recurrent_kernel", "bias")
    return {n: float(np.mean(np.asarray(g) == 0)) for n, g in zip(names, gradients)}
