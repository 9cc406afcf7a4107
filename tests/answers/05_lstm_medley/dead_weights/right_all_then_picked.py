def dead_weights(n_steps, n_features, units, seed):
    rng = np.random.default_rng(seed)
    keras.utils.set_random_seed(seed)
    model = keras.Sequential()
    model.add(keras.Input((n_steps, n_features)))
    model.add(keras.layers.LSTM(units, return_sequences=False))
    model.add(keras.layers.Dense(5, activation="softmax"))
    x = tf.constant(rng.standard_normal((16, n_steps, n_features)), dtype=tf.float32)
    y = keras.utils.to_categorical(rng.integers(0, 5, 16), 5)
    with tf.GradientTape() as tape:
        p = model(x)
        loss = -tf.reduce_mean(tf.reduce_sum(y * tf.math.log(p), axis=1))
    grads = tape.gradient(loss, model.trainable_variables)
    share = [float(tf.reduce_mean(tf.cast(tf.equal(g, 0.0), tf.float32))) for g in grads]
    return dict(kernel=share[0], recurrent_kernel=share[1], bias=share[2])
