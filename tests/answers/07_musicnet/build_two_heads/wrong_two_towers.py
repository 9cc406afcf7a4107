# wrong: the report's two towers
# message: side by side|does not reach the first layer
def build_two_heads(input_shape, n_composers, n_instruments, learning_rate):
    inputs = keras.Input(input_shape)

    def tower(n, activation, name):
        x = keras.layers.Conv1D(16, 5, activation="relu")(inputs)
        x = keras.layers.GlobalAveragePooling1D()(x)
        return keras.layers.Dense(n, activation=activation, name=name)(x)

    model = keras.Model(inputs, [tower(n_composers, "softmax", "composer"), tower(n_instruments, "sigmoid", "instruments")])
    model.compile(
        keras.optimizers.Adam(learning_rate),
        loss={"composer": "sparse_categorical_crossentropy", "instruments": "binary_crossentropy"},
    )
    return model
