# wrong: the norm of the gradient in place of a share
# message: a share from 0 to 1|counted as dead
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
    variables = model.layers[0].trainable_weights
    gradients = tape.gradient(loss, variables)
    names = ("kernel", "recurrent_kernel", "bias")
    return {n: float(np.linalg.norm(g)) for n, g in zip(names, gradients)}
