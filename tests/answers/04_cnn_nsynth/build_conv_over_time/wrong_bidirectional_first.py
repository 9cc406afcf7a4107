# wrong: a bidirectional LSTM before the convolution
# message: a Conv1D should come first
def build_conv_over_time(n_frames, n_mels, n_classes):
    return keras.Sequential([
        keras.Input((n_frames, n_mels)),
        keras.layers.Bidirectional(keras.layers.LSTM(24, return_sequences=True)),
        keras.layers.Conv1D(64, 5, activation="relu"),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
