keras.mixed_precision.set_global_policy("mixed_float16")


def build_two_heads(input_shape, n_composers, n_instruments, learning_rate):
    spectrogram = keras.Input(input_shape)
    x = keras.layers.Conv1D(48, 5, padding="same", activation="relu")(spectrogram)
    x = keras.layers.Conv1D(48, 5, padding="same", activation="relu")(x)
    x = keras.layers.GlobalAveragePooling1D()(x)
    composer = keras.layers.Dense(n_composers, activation="softmax", name="composer")(x)
    instruments = keras.layers.Dense(n_instruments, activation="sigmoid", name="instruments")(x)
    model = keras.Model(spectrogram, {"composer": composer, "instruments": instruments})
    model.compile(
        keras.optimizers.Adam(learning_rate),
        loss={"composer": "sparse_categorical_crossentropy", "instruments": "binary_crossentropy"},
        metrics={"composer": ["accuracy"], "instruments": ["binary_accuracy"]},
    )
    return model
