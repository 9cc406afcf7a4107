def build_two_heads(input_shape, n_composers, n_instruments, learning_rate):
    keras.utils.set_random_seed(1)
    inputs = keras.layers.Input(shape=input_shape)
    x = keras.layers.Conv1D(filters=32, kernel_size=3, strides=2, activation="relu")(inputs)
    x = keras.layers.Bidirectional(keras.layers.GRU(32))(x)
    x = keras.layers.Dropout(0.2)(x)
    who = keras.layers.Dense(n_composers)(x)
    heads = [
        keras.layers.Softmax(name="composer")(who),
        keras.layers.Dense(n_instruments, activation="sigmoid", name="instruments")(x),
    ]
    model = keras.models.Model(inputs=inputs, outputs=heads)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss=[keras.losses.SparseCategoricalCrossentropy(), keras.losses.BinaryCrossentropy()],
    )
    return model
