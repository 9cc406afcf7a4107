# wrong: one softmax over composers and instruments
# message: should sum to 1
def build_two_heads(input_shape, n_composers, n_instruments, learning_rate):
    inputs = keras.Input(input_shape)
    x = keras.layers.Conv1D(32, 5, activation="relu")(inputs)
    x = keras.layers.Conv1D(32, 3, activation="relu")(x)
    x = keras.layers.GlobalAveragePooling1D()(x)
    both = keras.layers.Dense(n_composers + n_instruments, activation="softmax")(x)
    composer = keras.layers.Identity(name="composer")(both[:, :n_composers])
    instruments = keras.layers.Identity(name="instruments")(both[:, n_composers:])
    model = keras.Model(inputs, [composer, instruments])
    model.compile(
        keras.optimizers.Adam(learning_rate),
        loss={"composer": "sparse_categorical_crossentropy", "instruments": "binary_crossentropy"},
    )
    return model
