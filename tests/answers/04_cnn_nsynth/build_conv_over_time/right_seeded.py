def build_conv_over_time(n_frames, n_mels, n_classes):
    keras.utils.set_random_seed(0)
    trunk = keras.Sequential([
        keras.Input((n_frames, n_mels)),
        keras.layers.Conv1D(64, 5, padding="same", activation="relu", name="first"),
        keras.layers.MaxPooling1D(2),
        keras.layers.Conv1D(64, 5, padding="same", activation="relu", name="second"),
    ], name="trunk")
    return keras.Sequential([
        trunk,
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_classes),
        keras.layers.Activation("softmax"),
    ])
