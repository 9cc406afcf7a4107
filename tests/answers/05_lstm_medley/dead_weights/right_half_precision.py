keras.mixed_precision.set_global_policy("mixed_float16")


def dead_weights(n_steps, n_features, units, seed):
    keras.utils.set_random_seed(seed)
    frames = keras.Input((n_steps, n_features))
    lstm = keras.layers.LSTM(units)
    model = keras.Model(frames, keras.layers.Dense(5, activation="softmax")(lstm(frames)))
    x, classes = tf.random.normal((16, n_steps, n_features)), tf.random.uniform((16,), 0, 5, tf.int32)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(classes, model(x, training=True)))
    gradients = tape.gradient(loss, [lstm.cell.kernel, lstm.cell.recurrent_kernel, lstm.cell.bias])
    shares = [float(tf.reduce_mean(tf.cast(g == 0, tf.float32))) for g in gradients]
    return dict(zip(["kernel", "recurrent_kernel", "bias"], shares))
