# wrong: a small common layer under two towers
# message: of the weights serve both|side by side
def build_two_heads(input_shape, n_composers, n_instruments, learning_rate):
    inputs = keras.Input(input_shape)
    trunk = keras.layers.Dense(8, activation="relu")(inputs)

    def tower(n, activation, name):
        x = keras.layers.Conv1D(48, 5, activation="relu")(trunk)
        x = keras.layers.GlobalAveragePooling1D()(x)
        return keras.layers.Dense(n, activation=activation, name=name)(x)

    model = keras.Model(inputs, [tower(n_composers, "softmax", "composer"), tower(n_instruments, "sigmoid", "instruments")])
    model.compile(
        keras.optimizers.Adam(learning_rate),
        loss={"composer": "sparse_categorical_crossentropy", "instruments": "binary_crossentropy"},
    )
    return model
