# wrong: convolution over frequency, with the frames as channels
# message: slides over the mel bands|does it slide over time
def build_conv_over_time(n_frames, n_mels, n_classes):
    model = keras.Sequential([keras.Input((n_frames, n_mels)), keras.layers.Permute((2, 1))])
    for filters in (64, 64, 96):
        model.add(keras.layers.Conv1D(filters, 5, padding="same", activation="relu"))
        model.add(keras.layers.MaxPooling1D(2))
    model.add(keras.layers.GlobalAveragePooling1D())
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    return model
