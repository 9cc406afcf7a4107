# wrong: an LSTM in place of the convolution
# message: a Conv1D should come first
def build_conv_over_time(n_frames, n_mels, n_classes):
    return keras.Sequential([
        keras.Input((n_frames, n_mels)),
        keras.layers.LSTM(64),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
