# wrong: Flatten: each frame has weights of its own
# message: depends on the length
def build_conv_over_time(n_frames, n_mels, n_classes):
    return keras.Sequential([
        keras.Input((n_frames, n_mels)),
        keras.layers.Conv1D(32, 5, activation="relu"),
        keras.layers.MaxPooling1D(4),
        keras.layers.Flatten(),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
