# wrong: one output for everything
# message: one head only
def build_two_heads(input_shape, n_composers, n_instruments, learning_rate):
    inputs = keras.Input(input_shape)
    x = keras.layers.Conv1D(32, 5, activation="relu")(inputs)
    x = keras.layers.Conv1D(32, 3, activation="relu")(x)
    x = keras.layers.GlobalAveragePooling1D()(x)
    both = keras.layers.Dense(n_composers + n_instruments, activation="sigmoid")(x)
    model = keras.Model(inputs, both)
    model.compile(keras.optimizers.Adam(learning_rate), loss="binary_crossentropy")
    return model
