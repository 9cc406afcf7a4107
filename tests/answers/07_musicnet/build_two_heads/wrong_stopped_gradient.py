# wrong: one head learns, but the trunk does not hear of it
# message: cut off from the trunk|use Keras.s usual layers|use Keras.s own layers
def build_two_heads(input_shape, n_composers, n_instruments, learning_rate):
    inputs = keras.Input(input_shape)
    x = keras.layers.Conv1D(32, 5, activation="relu")(inputs)
    x = keras.layers.Conv1D(32, 3, activation="relu")(x)
    x = keras.layers.GlobalAveragePooling1D()(x)
    composer = keras.layers.Dense(n_composers, activation="softmax", name="composer")(x)
    instruments = keras.layers.Dense(n_instruments, activation="sigmoid", name="instruments")(keras.ops.stop_gradient(x))
    model = keras.Model(inputs, [composer, instruments])
    model.compile(
        keras.optimizers.Adam(learning_rate),
        loss={"composer": "sparse_categorical_crossentropy", "instruments": "binary_crossentropy"},
    )
    return model
