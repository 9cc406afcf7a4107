# wrong: Conv2D over a picture with one channel
# message: slides over the mel bands too
def build_conv_over_time(n_frames, n_mels, n_classes):
    return keras.Sequential([
        keras.Input((n_frames, n_mels)),
        keras.layers.Reshape((n_frames, n_mels, 1)),
        keras.layers.Conv2D(32, 3, activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Conv2D(64, 3, activation="relu"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
