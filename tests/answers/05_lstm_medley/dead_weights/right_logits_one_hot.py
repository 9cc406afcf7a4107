def dead_weights(n_steps, n_features, units, seed):
    tf.random.set_seed(seed)
    layer, head = tf.keras.layers.LSTM(units), tf.keras.layers.Dense(5)
    x = tf.random.normal((16, n_steps, n_features))
    y = tf.one_hot(tf.random.uniform((16,), 0, 5, tf.int32), 5)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(y, head(layer(x))))
    g = tape.gradient(loss, layer.trainable_variables)
    return {v.name: 1 - float(tf.math.count_nonzero(d)) / d.numpy().size for v, d in zip(layer.trainable_variables, g)}
