def build_two_heads(input_shape, n_composers, n_instruments, learning_rate):
    trunk = keras.Sequential([
        keras.Input(input_shape),
        keras.layers.Conv1D(40, 5, activation="relu"),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(40, activation="relu"),
    ])
    inputs = keras.Input(input_shape)
    x = trunk(inputs)
    hidden = keras.layers.Dense(12, activation="relu")(x)
    composer = keras.layers.Dense(n_composers, activation="softmax", name="composer")(x)
    instruments = keras.layers.Dense(n_instruments, activation="sigmoid", name="instruments")(hidden)
    model = keras.Model(inputs, (composer, instruments))
    model.compile("adam", {"composer": "sparse_categorical_crossentropy", "instruments": "binary_crossentropy"})
    model.optimizer.learning_rate = learning_rate
    return model
