def build_two_heads(input_shape, n_composers, n_instruments, learning_rate):
    x = inputs = keras.Input(input_shape)
    for width in (32, 32):
        x = keras.layers.Conv1D(width, 3, activation="relu")(x)
        x = keras.layers.MaxPooling1D(2)(x)
    x = keras.layers.GlobalAveragePooling1D()(x)
    x = keras.layers.Dense(32, activation="relu")(x)
    who = keras.layers.Dense(n_composers)(x)
    model = keras.Model(
        inputs,
        {
            "instruments": keras.layers.Dense(n_instruments, "sigmoid")(x),
            "composer": keras.layers.Softmax()(who),
        },
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss={
            "composer": keras.losses.SparseCategoricalCrossentropy(),
            "instruments": keras.losses.BinaryCrossentropy(),
        },
    )
    return model
