def build_two_heads(input_shape, n_composers, n_instruments, learning_rate):
    inputs = keras.layers.Input(shape=input_shape)
    x = keras.layers.BatchNormalization()(inputs)
    x = keras.layers.Conv1D(24, 3, padding="same", activation="relu")(x)
    x = keras.layers.Conv1D(48, 3, activation="relu")(x)
    x = keras.layers.GlobalMaxPooling1D()(x)
    x = keras.layers.Dropout(0.3)(x)
    outputs = [
        keras.layers.Dense(n_composers, activation="softmax", name="composer")(x),
        keras.layers.Dense(n_instruments, activation="sigmoid", name="instruments")(x),
    ]
    model = keras.Model(inputs=inputs, outputs=outputs)
    model.compile(
        keras.optimizers.Adam(learning_rate),
        loss=["categorical_crossentropy", "binary_crossentropy"],
        loss_weights=[1.0, 2.0],
        metrics=[["accuracy"], ["binary_accuracy"]],
    )
    return model
