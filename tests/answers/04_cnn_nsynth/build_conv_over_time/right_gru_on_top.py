def build_conv_over_time(n_frames, n_mels, n_classes):
    return keras.Sequential([
        keras.Input((n_frames, n_mels)),
        keras.layers.Conv1D(48, 5, activation="relu"),
        keras.layers.MaxPooling1D(2),
        keras.layers.GRU(48),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
