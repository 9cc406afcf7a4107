def build_conv_over_time(n_frames, n_mels, n_classes):
    model = keras.Sequential([
        keras.Input((n_frames, n_mels)),
        keras.layers.SeparableConv1D(64, 9, activation="relu", padding="same"),
        keras.layers.MaxPooling1D(4),
        keras.layers.SeparableConv1D(96, 5, activation="relu", padding="same"),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
    model.compile("adam", "categorical_crossentropy", metrics=["acc"])
    return model
