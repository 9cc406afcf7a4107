# wrong: a dense layer before any convolution
# message: Dense layer, which sees one frame only
def build_conv_over_time(n_frames, n_mels, n_classes):
    return keras.Sequential([
        keras.Input((n_frames, n_mels)),
        keras.layers.Dense(48, activation="relu"),
        keras.layers.Conv1D(48, 5, activation="relu"),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
