def build_conv_over_time(n_frames, n_mels, n_classes):
    return keras.Sequential([
        keras.Input((None, n_mels)),
        keras.layers.Conv1D(32, 9, activation="elu"),
        keras.layers.Conv1D(32, 9, dilation_rate=2, activation="elu"),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
