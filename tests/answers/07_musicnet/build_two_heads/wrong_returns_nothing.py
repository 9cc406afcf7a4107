# wrong: no return
# message: is the `return` missing
def build_two_heads(input_shape, n_composers, n_instruments, learning_rate):
    inputs = keras.Input(input_shape)
    x = keras.layers.Conv1D(32, 5, activation="relu")(inputs)
    x = keras.layers.Conv1D(32, 3, activation="relu")(x)
    x = keras.layers.GlobalAveragePooling1D()(x)
    composer = keras.layers.Dense(n_composers, activation="softmax", name="composer")(x)
    instruments = keras.layers.Dense(n_instruments, activation="sigmoid", name="instruments")(x)
    model = keras.Model(inputs, [composer, instruments])
    model.compile(
        keras.optimizers.Adam(learning_rate),
        loss={"composer": "sparse_categorical_crossentropy", "instruments": "binary_crossentropy"},
    )
