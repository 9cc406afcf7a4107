def build_conv_over_time(n_frames, n_mels, n_classes):
    return keras.Sequential([
        keras.layers.Input(shape=(n_frames, n_mels)),
        keras.layers.LayerNormalization(),
        keras.layers.Conv1D(48, 5, strides=2, activation="relu"),
        keras.layers.RNN(keras.layers.LSTMCell(40)),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
