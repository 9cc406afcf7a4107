def dead_weights(n_steps, n_features, units, seed):
    keras.utils.set_random_seed(seed)
    inputs = keras.Input(shape=(n_steps, n_features))
    lstm = keras.layers.LSTM(units)
    outputs = keras.layers.Dense(5, activation="softmax")(lstm(inputs))
    model = keras.Model(inputs, outputs)
    x = np.random.normal(size=(16, n_steps, n_features)).astype("float32")
    y = np.random.randint(0, 5, 16)
    loss_fn = keras.losses.SparseCategoricalCrossentropy()
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    grads = tape.gradient(loss, [lstm.cell.kernel, lstm.cell.recurrent_kernel, lstm.cell.bias])
    result = {}
    for name, g in zip(["kernel", "recurrent_kernel", "bias"], grads):
        g = g.numpy()
        result[name] = (g == 0).sum() / g.size
    return result
